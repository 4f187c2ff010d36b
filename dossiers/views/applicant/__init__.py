"""What the enterprise uses: its dossiers, their parts, the way of each, and its documents."""

from dossiers.views.applicant.document import document
from dossiers.views.applicant.mine import mine, new, record
from dossiers.views.applicant.parts import (
    enterprise_part,
    figures,
    hub,
    papers,
    product_part,
    remove_document,
    undertakings,
)
from dossiers.views.applicant.send import follow, receipt, review, supplement, withdraw

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
