from django.urls import path
from django.utils.translation import pgettext_lazy

from analysis import laboratory_views, views

app_name = "analysis"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/laboratory/"), laboratory_views.laboratory_page, name="laboratory"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/reliability/"), views.reliability, name="reliability"),
    path(pgettext_lazy("url", "council/reliability/"), views.mine, name="mine"),
]
