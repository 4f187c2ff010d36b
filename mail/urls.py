from django.urls import path
from django.utils.translation import pgettext_lazy

from mail.views import mailbox, outbox, words

app_name = "mail"
urlpatterns = [
    path(pgettext_lazy("url", "desk/letters/"), outbox.outbox, name="outbox"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/"), outbox.letter, name="letter"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/html/"), outbox.letter_html, name="letter_html"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/send/"), outbox.send_now, name="send_now"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/again/"), outbox.send_again, name="send_again"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/arrived/"), outbox.count_as_sent, name="count_as_sent"),
    path(pgettext_lazy("url", "desk/letters/<int:pk>/cancel/"), outbox.cancel, name="cancel"),
    path(pgettext_lazy("url", "desk/letters/words/"), words.texts, name="texts"),
    path(pgettext_lazy("url", "desk/letters/words/<slug:code>/<slug:language>/"), words.text, name="text"),
    path(
        pgettext_lazy("url", "desk/letters/words/<slug:code>/<slug:language>/preview/"),
        words.preview,
        name="text_preview",
    ),
    path(
        pgettext_lazy("url", "desk/letters/words/<slug:code>/<slug:language>/standard/"),
        words.restore,
        name="text_restore",
    ),
    path(pgettext_lazy("url", "sample-mailbox/"), mailbox.mailbox, name="mailbox"),
    path(pgettext_lazy("url", "sample-mailbox/<int:pk>/"), mailbox.message, name="mailbox_message"),
    path(pgettext_lazy("url", "sample-mailbox/<int:pk>/html/"), mailbox.message_html, name="mailbox_html"),
    path(
        pgettext_lazy("url", "sample-mailbox/<int:pk>/attachment/<int:number>/"),
        mailbox.attachment,
        name="mailbox_attachment",
    ),
]
