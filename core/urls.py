from django.urls import path

from core.views import kit

app_name = "core"
urlpatterns = [path("_kit/", kit, name="kit")]
