from django.urls import path
from django.utils.translation import pgettext_lazy

from ledger.views import files, pages

app_name = "ledger"
urlpatterns = [
    path(pgettext_lazy("url", "log/"), pages.log, name="log"),
    path(pgettext_lazy("url", "log/check/"), pages.check, name="check"),
    path(pgettext_lazy("url", "log/proof/<int:number>.json"), files.proof, name="proof"),
    # Beside one another, as in a folder: the script is given the address of the log.
    path(pgettext_lazy("url", "log/roots.json"), files.roots, name="roots"),
    path(pgettext_lazy("url", "log/keys.json"), files.key_history, name="keys"),
    path(pgettext_lazy("url", "log/leaves.txt"), files.leaves, name="leaves"),
    path(pgettext_lazy("url", "log/consistency.json"), files.consistency, name="consistency"),
    path(pgettext_lazy("url", "log/time-stamp-roots.pem"), files.time_stamp_roots, name="time_stamp_roots"),
    path(pgettext_lazy("url", "log/check_log.py"), files.script, name="script"),
]
