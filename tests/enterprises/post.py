"""Letters as their readers get them."""

import re

from django.conf import settings

from mail import hidden
from mail.models import Letter


def letters(kind=None, to=None):
    found = Letter.objects.order_by("pk")
    if kind:
        found = found.filter(kind=kind)
    if to:
        found = found.filter(to_email=to)
    return list(found)


def text_of(letter):
    """With the keys that nobody but the reader sees."""
    return hidden.reveal(letter.text, letter.secrets)


def path_in(letter):
    """The first address of our site in the letter, as a path."""
    found = re.search(re.escape(settings.SITE_URL.rstrip("/")) + r"(/\S+)", text_of(letter))
    assert found, text_of(letter)
    return found[1]


def words(response):
    return response.content.decode()
