"""What the enterprise uses: its dossiers, their parts, the way of each, and its documents."""

from dossiers.views.applicant.document import document
from dossiers.views.applicant.draft import print_draft, reuse_answers, save_part
from dossiers.views.applicant.eligibility import eligibility
from dossiers.views.applicant.enterprise import enterprise_part
from dossiers.views.applicant.enterprise_history import enterprise_history
from dossiers.views.applicant.figures import (
    figures,
    figures_confirm,
    figures_sheet_down,
    figures_sheet_up,
    figures_undo,
    figures_view,
)
from dossiers.views.applicant.follow import follow, withdraw
from dossiers.views.applicant.hub import hub
from dossiers.views.applicant.mine import mine
from dossiers.views.applicant.papers import (
    describe_document,
    move_document,
    papers,
    papers_scans,
    put_back_document,
    remove_document,
    take_over,
)
from dossiers.views.applicant.product import product_part
from dossiers.views.applicant.record import record
from dossiers.views.applicant.selfmarks import selfmarks
from dossiers.views.applicant.send import receipt, receipt_pdf, review
from dossiers.views.applicant.starting import new
from dossiers.views.applicant.supplement import supplement
from dossiers.views.applicant.undertakings import undertakings
from dossiers.views.applicant.uploads import upload_begin, upload_finish, upload_piece
from dossiers.views.applicant.wallet import wallet

__all__ = [
    "describe_document",
    "document",
    "eligibility",
    "enterprise_history",
    "enterprise_part",
    "figures",
    "figures_confirm",
    "figures_sheet_down",
    "figures_sheet_up",
    "figures_undo",
    "figures_view",
    "follow",
    "hub",
    "mine",
    "move_document",
    "new",
    "papers",
    "papers_scans",
    "print_draft",
    "product_part",
    "put_back_document",
    "receipt",
    "receipt_pdf",
    "record",
    "remove_document",
    "reuse_answers",
    "review",
    "save_part",
    "selfmarks",
    "supplement",
    "take_over",
    "undertakings",
    "upload_begin",
    "upload_finish",
    "upload_piece",
    "wallet",
    "withdraw",
]
