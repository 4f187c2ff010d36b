from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views import desk

urlpatterns = [
    path(pgettext_lazy("url", "desk/"), desk.worklist, name="desk"),
    path(pgettext_lazy("url", "desk/new/"), desk.worklist, {"view": "desk_new"}, name="desk_new"),
    path(
        pgettext_lazy("url", "desk/awaiting-supplement/"),
        desk.worklist,
        {"view": "desk_supplement"},
        name="desk_supplement",
    ),
    path(pgettext_lazy("url", "desk/overdue/"), desk.worklist, {"view": "desk_overdue"}, name="desk_overdue"),
    path(pgettext_lazy("url", "desk/all/"), desk.worklist, {"view": "desk_all"}, name="desk_all"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/"), desk.check, name="check"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/take/"), desk.start_check, name="start_check"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/eligible/"), desk.admit, name="admit"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/supplement/"), desk.ask_supplement, name="ask_supplement"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/refuse/"), desk.refuse, name="refuse"),
]
