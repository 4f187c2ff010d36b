"""The address of the seal stands on foreign sites: one form for all languages, and for ever."""

from django.urls import re_path

from honours.views.seal import seal

urlpatterns = [re_path(r"^seal/(?P<serial>[^/]{1,60})\.svg$", seal, name="seal")]
