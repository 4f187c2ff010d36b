from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views import applicant
from dossiers.views.track import track

urlpatterns = [
    path(pgettext_lazy("url", "dossiers/"), applicant.mine, name="mine"),
    path(pgettext_lazy("url", "dossiers/new/"), applicant.new, name="new"),
    path(pgettext_lazy("url", "dossiers/enterprise/<int:pk>/"), applicant.record, name="record"),
    path(pgettext_lazy("url", "dossiers/enterprise/<int:pk>/papers/"), applicant.wallet, name="wallet"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/"), applicant.hub, name="dossier"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/eligibility/"), applicant.eligibility, name="eligibility"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/self-scoring/"), applicant.selfmarks, name="selfmarks"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/save/<slug:part>/"), applicant.save_part, name="save_part"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/reuse/"), applicant.reuse_answers, name="reuse_answers"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/print/"), applicant.print_draft, name="print_draft"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/enterprise/"), applicant.enterprise_part, name="enterprise_part"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/product/"), applicant.product_part, name="product_part"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/figures/"), applicant.figures, name="figures"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/figures/view/"), applicant.figures_view, name="figures_view"),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/figures/confirm/"), applicant.figures_confirm, name="figures_confirm"
    ),
    path(pgettext_lazy("url", "dossiers/<int:pk>/figures/excel/"), applicant.figures_sheet_down, name="figures_sheet"),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/figures/excel/upload/"),
        applicant.figures_sheet_up,
        name="figures_sheet_up",
    ),
    path(pgettext_lazy("url", "dossiers/<int:pk>/figures/undo/"), applicant.figures_undo, name="figures_undo"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/papers/"), applicant.papers, name="papers"),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/<int:document>/remove/"),
        applicant.remove_document,
        name="remove_document",
    ),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/<int:document>/put-back/"),
        applicant.put_back_document,
        name="put_back_document",
    ),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/<int:document>/move/"),
        applicant.move_document,
        name="move_document",
    ),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/<int:document>/details/"),
        applicant.describe_document,
        name="describe_document",
    ),
    path(pgettext_lazy("url", "dossiers/<int:pk>/papers/take-over/"), applicant.take_over, name="take_over"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/papers/scans/"), applicant.papers_scans, name="papers_scans"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/papers/uploads/"), applicant.upload_begin, name="upload_begin"),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/uploads/<uuid:upload>/"),
        applicant.upload_piece,
        name="upload_piece",
    ),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/uploads/<uuid:upload>/finish/"),
        applicant.upload_finish,
        name="upload_finish",
    ),
    path(pgettext_lazy("url", "dossiers/<int:pk>/undertakings/"), applicant.undertakings, name="undertakings"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/check/"), applicant.review, name="review"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/receipt/"), applicant.receipt, name="receipt"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/receipt/pdf"), applicant.receipt_pdf, name="receipt_pdf"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/follow/"), applicant.follow, name="follow"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/supplement/"), applicant.supplement, name="supplement"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/withdraw/"), applicant.withdraw, name="withdraw"),
    path(pgettext_lazy("url", "files/<int:pk>/"), applicant.document, name="document"),
    path(pgettext_lazy("url", "track/"), track, name="track"),
]
