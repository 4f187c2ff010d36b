"""The outbox: letters, each try to send one, the words staff have changed, and the demonstration's mailbox."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.kinds import CONFIDENTIAL_ROOMS


class LetterQuerySet(models.QuerySet["Letter"]):
    def open(self) -> "LetterQuerySet":
        """Not yet at an end: something still has to happen, or a person has to decide."""
        return self.exclude(state__in=[Letter.State.SENT, Letter.State.CANCELLED])

    def outside_the_council(self) -> "LetterQuerySet":
        return self.exclude(room__in=CONFIDENTIAL_ROOMS)


class Letter(models.Model):
    """One letter to one person, with its words as they go out. The `key` names the fact it tells: told once.

    `subject`, `text` and `html` hold a mark where a secret stands (the token of a reset link); `secrets` fills the
    marks on the way out and is emptied once the letter is sent, so nobody at the desk can read or use them.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("letter", "Held")
        WAITING = "waiting", pgettext_lazy("letter", "Waiting")
        SENDING = "sending", pgettext_lazy("letter", "Being sent")
        SENT = "sent", pgettext_lazy("letter", "Sent")
        FAILED = "failed", pgettext_lazy("letter", "Failed")
        UNSURE = "unsure", pgettext_lazy("letter", "Unsure")
        CANCELLED = "cancelled", pgettext_lazy("letter", "Cancelled")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    room = models.CharField(max_length=40)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="letters")
    to_name = models.CharField(max_length=200, blank=True)
    to_email = models.EmailField()
    language = models.CharField(max_length=2, blank=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField()
    secrets = models.JSONField(default=list)
    calendar = models.TextField(blank=True)
    is_reminder = models.BooleanField(default=False)
    about_model = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    about_name = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    message_id = models.CharField(max_length=200, unique=True)
    round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="letter_cancelled_has_reason",
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["about_model", "about_id"], name="letter_about"),
            models.Index(fields=["state", "-created_at"], name="letter_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_email}"

    @property
    def job_key(self) -> str:
        return str(self.pk) if self.round == 1 else f"{self.pk}/{self.round}"


class Attempt(models.Model):
    """One handing over to the mail server; written down before it begins, so that a crash leaves a trace."""

    class Outcome(models.TextChoices):
        UNKNOWN = "", _("no answer recorded")
        SENT = "sent", _("accepted by the mail server")
        REFUSED = "refused", _("not accepted")
        UNSURE = "unsure", _("broken off; it may have gone out")

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="attempt_numbered_once")]

    def __str__(self) -> str:
        return f"{self.letter_id}/{self.number}"


class LetterText(models.Model):
    """Words of a kind as staff changed them. Versions are only added; `is_standard` goes back to the standard text."""

    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")])
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    is_standard = models.BooleanField(default=False)
    changed_by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="letter_text_version_once"),
            models.CheckConstraint(
                name="letter_text_has_words", condition=Q(is_standard=True) | (~Q(subject="") & ~Q(body=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}) {self.version}"


class DemoMessage(models.Model):
    """A message as the mail server would have got it; the demonstration has no mail server."""

    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=500)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    # The letter it was: whoever must not see that one does not see the message.
    message_id = models.CharField(max_length=200, blank=True, db_index=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


def about_of(obj: Any) -> tuple[str, str]:
    """How a letter remembers what it is about: a name and an id, no foreign key to a room on the right."""
    return obj._meta.label_lower, str(obj.pk)
