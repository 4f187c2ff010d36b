"""What the tests of the applicant's pages share: a clock that is the story's, and signed-in people."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

PART_PAGES = ["enterprise_part", "product_part", "figures", "papers", "undertakings"]
OWN_PAGES = ["dossier", *PART_PAGES, "review", "receipt", "follow", "supplement", "withdraw"]


def tell_time(monkeypatch, story, settings):
    """The doors look at the story's clock; every look is a second later. Passwords are hashed fast."""
    monkeypatch.setattr(timezone, "now", lambda: story.tick(seconds=1))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    translation.activate("vi")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, dossier=None, **kwargs):
    if dossier is not None:
        kwargs["pk"] = dossier.pk
    return reverse(f"dossiers:{name}", kwargs=kwargs)


def words(response):
    return response.content.decode()


def pdf(text="a"):
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def upload(name="Đơn.pdf", content=None):
    return SimpleUploadedFile(name, content if content is not None else pdf())
