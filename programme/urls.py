from django.urls import path
from django.utils.translation import pgettext_lazy

from programme import views

app_name = "programme"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/new/"), views.season_new, name="season_new"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/"), views.season_desk, name="season_desk"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/criteria/"), views.publish_rubric, name="publish_rubric"),
]
