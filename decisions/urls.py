from django.urls import path
from django.utils.translation import pgettext_lazy

from decisions.views import certificates, comments, decision, reasons, revoke

app_name = "decisions"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/<int:year>/comments/"), comments.comments, name="comments"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/comments/<int:pk>/reply/"), comments.reply, name="reply"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/decision/"), decision.decision, name="decision"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/"),
        certificates.certificates,
        name="certificates",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/certificates/retry/"), certificates.retry, name="retry"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/register.csv"),
        certificates.register,
        name="register",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/certificates/papers.zip"),
        certificates.archive,
        name="archive",
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
