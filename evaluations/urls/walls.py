"""Conflicts of interest: declaring, lifting, emergencies, and what the machine noticed."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from evaluations.views import conflicts, interests, walls

urlpatterns = [
    path(pgettext_lazy("url", "council/<int:pk>/conflict/"), interests.declare_conflict, name="declare_conflict"),
    path(pgettext_lazy("url", "desk/conflicts/"), walls.own_conflicts, name="own_conflicts"),
    path(pgettext_lazy("url", "desk/conflicts/<int:pk>/emergency/"), walls.emergency, name="emergency"),
    path(pgettext_lazy("url", "desk/conflicts/<int:pk>/lift/"), walls.answer_lift, name="answer_lift"),
    path(pgettext_lazy("url", "desk/conflicts/openings/<int:pk>/"), walls.answer_opening, name="answer_opening"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/conflicts/"), conflicts.conflicts, name="conflicts"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/conflicts/<int:pk>/"), conflicts.ask_lift, name="ask_lift"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/likely/"), conflicts.likely, name="likely"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/likely/<int:pk>/"), conflicts.judge_likely, name="judge_likely"
    ),
]
