"""What the enterprise uses: its dossiers, their parts, the way of each, and its documents."""

from dossiers.views.applicant.document import document
from dossiers.views.applicant.enterprise import enterprise_part
from dossiers.views.applicant.figures import figures
from dossiers.views.applicant.follow import follow, withdraw
from dossiers.views.applicant.hub import hub
from dossiers.views.applicant.mine import mine, new, record
from dossiers.views.applicant.papers import papers, remove_document
from dossiers.views.applicant.product import product_part
from dossiers.views.applicant.send import receipt, review
from dossiers.views.applicant.supplement import supplement
from dossiers.views.applicant.undertakings import undertakings

__all__ = [
    "document",
    "enterprise_part",
    "figures",
    "follow",
    "hub",
    "mine",
    "new",
    "papers",
    "product_part",
    "receipt",
    "record",
    "remove_document",
    "review",
    "supplement",
    "undertakings",
    "withdraw",
]
