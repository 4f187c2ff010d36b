from django.urls import path
from django.utils.module_loading import import_string
from django.utils.translation import pgettext_lazy

from accounts import account_views, views

app_name = "accounts"
urlpatterns = [
    path(pgettext_lazy("url", "sign-in/"), views.sign_in, name="sign_in"),
    path(pgettext_lazy("url", "sign-out/"), views.sign_out, name="sign_out"),
    path(pgettext_lazy("url", "signed-out/"), views.signed_out, name="signed_out"),
    path(pgettext_lazy("url", "signed-in/"), views.stay, name="stay"),
    # A new account comes with its enterprise, which stands to the right of this app: named, not imported.
    path(pgettext_lazy("url", "register/"), import_string("enterprises.views.register"), name="register"),
    path(pgettext_lazy("url", "my/"), views.home, name="home"),
    path(pgettext_lazy("url", "account/"), account_views.account, name="account"),
]
