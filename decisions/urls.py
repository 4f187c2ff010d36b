from django.urls import path
from django.utils.translation import pgettext_lazy

from decisions.views import certificates, comments, decision, revoke

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
]
