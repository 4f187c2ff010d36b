from django.urls import path
from django.utils.translation import pgettext_lazy

from enterprises import views

app_name = "enterprises"
urlpatterns = [
    path(pgettext_lazy("url", "register/sent/"), views.registration_sent, name="registration_sent"),
    path(pgettext_lazy("url", "register/next/"), views.registration, name="registration"),
    path(pgettext_lazy("url", "register/link/<str:token>/"), views.registration_link, name="registration_link"),
    path(pgettext_lazy("url", "invitation/"), views.invitation, name="invitation"),
    path(pgettext_lazy("url", "invitation/<str:token>/"), views.invitation_link, name="invitation_link"),
    path(pgettext_lazy("url", "my-enterprises/"), views.mine, name="mine"),
    path(pgettext_lazy("url", "my-enterprises/add/"), views.add, name="add"),
    path(pgettext_lazy("url", "my-enterprises/add/<str:code>/"), views.add_facts, name="add_facts"),
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/people/"), views.people, name="people"),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/people/<int:person>/role/"),
        views.person_role,
        name="person_role",
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/people/<int:person>/end/"), views.person_end, name="person_end"
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/invitations/<int:invitation>/again/"),
        views.invitation_again,
        name="invitation_again",
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/invitations/<int:invitation>/withdraw/"),
        views.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/requests/<int:asked>/"),
        views.answer_request,
        name="answer_request",
    ),
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/sites/"), views.sites, name="sites"),
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/sites/<int:site>/"), views.site, name="site"),
    path(pgettext_lazy("url", "my-enterprises/<int:pk>/sites/<int:site>/end/"), views.site_end, name="site_end"),
    path(pgettext_lazy("url", "desk/enterprises/duplicates/"), views.duplicates, name="duplicates"),
    path(pgettext_lazy("url", "desk/enterprises/duplicates/two/"), views.not_duplicate, name="not_duplicate"),
    path(
        pgettext_lazy("url", "desk/enterprises/duplicates/<int:noted>/undo/"),
        views.not_duplicate_undo,
        name="not_duplicate_undo",
    ),
]
