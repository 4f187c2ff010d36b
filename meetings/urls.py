from django.urls import path
from django.utils.translation import pgettext_lazy

from meetings.views import acts, attend, minutes, papers, plan, run

app_name = "meetings"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/<int:year>/meetings/"), plan.meetings, name="meetings"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/"), run.run, name="run"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/prepare/"), plan.prepare, name="prepare"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/agenda/<slug:act>/"),
        acts.on_agenda,
        name="agenda_act",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/items/<int:item>/<slug:act>/"),
        acts.on_item,
        name="item_act",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/members/<int:seat>/<slug:act>/"),
        acts.on_seat,
        name="seat_act",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/screen/"), run.screen, name="screen"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/meetings/<int:number>/minutes/"), minutes.desk, name="minutes"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/papers/"), papers.papers, name="papers"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/papers/order/"), papers.order, name="order_papers"),
    path(pgettext_lazy("url", "session-papers/<int:pk>/<slug:face>/"), papers.file, name="paper"),
    path(pgettext_lazy("url", "council/meetings/"), attend.own, name="own"),
    path(pgettext_lazy("url", "council/meetings/<int:number>/"), attend.attend, name="attend"),
    path(pgettext_lazy("url", "council/meetings/<int:number>/vote/<int:item>/"), attend.vote, name="vote"),
    path(pgettext_lazy("url", "council/meetings/<int:number>/minutes/"), minutes.own, name="own_minutes"),
]
