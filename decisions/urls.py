from django.urls import path
from django.utils.translation import pgettext_lazy

from decisions.views import certificates, comments, correction, decision, reasons, register, revoke, signatory

app_name = "decisions"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/<int:year>/comments/"), comments.comments, name="comments"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/comments/<int:pk>/reply/"), comments.reply, name="reply"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/comments/report/"), comments.report, name="comment_report"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/decision/"), decision.decision, name="decision"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/decision/confirm/"), decision.confirm, name="confirm"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/decision/again/"), decision.retry_release, name="release_again"
    ),
    path(pgettext_lazy("url", "desk/to-sign/"), signatory.to_sign, name="to_sign"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/"),
        certificates.certificates,
        name="certificates",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/certificates/start/"), certificates.start, name="start_batch"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/certificates/retry/"), certificates.retry, name="retry"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/certificates/stop/"), certificates.brake, name="brake"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/batches/<int:pk>/"),
        certificates.decide_batch,
        name="batch",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/<int:pk>/preview/"),
        certificates.preview,
        name="preview_paper",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/<int:pk>/draft/"),
        certificates.draft,
        name="draft_paper",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/<int:pk>/<slug:sha256>.png"),
        certificates.thumbnail,
        name="thumbnail",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/register.csv"),
        register.register,
        name="register",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/papers.zip"),
        register.archive,
        name="archive",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/<int:pk>/correct/"),
        correction.correct,
        name="correct",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/<int:pk>/revoke/"),
        revoke.revoke,
        name="revoke",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/reasons/"), reasons.letters, name="reasons"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/reasons/<int:pk>/"), reasons.letter, name="reasons_letter"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/reasons/<int:pk>/edit/"), reasons.edit, name="reasons_edit"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/reasons/<int:pk>/pdf/"), reasons.pdf, name="reasons_pdf"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/reasons/pdf/"), reasons.own_pdf, name="own_reasons"),
]
