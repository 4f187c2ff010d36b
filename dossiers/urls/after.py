"""What comes after the dossier is sent: messages, more time, tracking by code, and the days that count."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views.applicant.messages import messages
from dossiers.views.desk.calendar import special_days_page
from dossiers.views.desk.extending import extend_supplement
from dossiers.views.desk.messages import desk_inbox, desk_messages
from dossiers.views.track import track_code

urlpatterns = [
    path(pgettext_lazy("url", "dossiers/<int:pk>/messages/"), messages, name="messages"),
    path(pgettext_lazy("url", "desk/messages/"), desk_inbox, name="desk_inbox"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/messages/"), desk_messages, name="desk_messages"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/extend/"), extend_supplement, name="extend_supplement"),
    path(pgettext_lazy("url", "desk/days-off/"), special_days_page, name="special_days"),
    path(pgettext_lazy("url", "desk/days-off/<int:year>/"), special_days_page, name="special_days_year"),
    path(pgettext_lazy("url", "track/<str:code>/"), track_code, name="track_code"),
]
