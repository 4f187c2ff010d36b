"""The history of the keys that sign, and each request to a signing service. Private keys are never here."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """What a key signs; a key never serves both."""

    PAPER = "paper", pgettext_lazy("key", "papers (PAdES)")
    CREDENTIAL = "credential", pgettext_lazy("key", "credentials, tokens, lists and log roots (ES256)")


class SigningKey(models.Model):
    """One key with its certificate. A row is only added, and retired once; what was signed stays checkable."""

    class Algorithm(models.TextChoices):
        RSA = "rsa", "RSA PKCS #1 v1.5, SHA-256"
        ES256 = "es256", "ECDSA P-256, SHA-256"

    class Provider(models.TextChoices):
        FILE = "file", pgettext_lazy("key", "file")
        TOKEN = "pkcs11", pgettext_lazy("key", "token or HSM (PKCS #11)")
        REMOTE = "remote", pgettext_lazy("key", "remote signing service")

    class Reason(models.TextChoices):
        SUPERSEDED = "superseded", pgettext_lazy("key", "replaced by a newer key")
        COMPROMISED = "compromised", pgettext_lazy("key", "no longer only in the hands of its owner")

    kid = models.CharField(_("key"), max_length=40, unique=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    algorithm = models.CharField(_("algorithm"), max_length=8, choices=Algorithm.choices)
    provider = models.CharField(_("kept in"), max_length=8, choices=Provider.choices)
    certificate_pem = models.TextField()
    # Those between the certificate and the root, in that order; the root stands in the settings.
    chain_pem = models.TextField(blank=True)
    # SHA-256 of the certificate as DER, 64 hexadecimal digits: by it a signed file finds its key.
    fingerprint = models.CharField(max_length=64, unique=True)
    public_jwk = models.JSONField(null=True)
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"))
    retired_at = models.DateTimeField(_("retired"), null=True)
    retired_reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    compromised_at = models.DateTimeField(_("out of hand since"), null=True)
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["purpose", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(name="key_ends_after_start", condition=Q(valid_to__gt=F("valid_from"))),
            models.CheckConstraint(
                name="key_retired_with_reason",
                condition=Q(retired_at=None, retired_reason="")
                | (Q(retired_at__isnull=False) & ~Q(retired_reason="")),
            ),
            models.CheckConstraint(
                name="key_compromised_with_time",
                condition=Q(retired_reason="compromised", compromised_at__isnull=False)
                | (~Q(retired_reason="compromised") & Q(compromised_at=None)),
            ),
            models.CheckConstraint(
                name="key_credential_has_jwk",
                condition=Q(purpose="paper") | Q(public_jwk__isnull=False, algorithm="es256"),
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class SignatureRequest(models.Model):
    """One signature asked of a remote service; written before the call, so that a crash leaves a trace.

    While it is not answered nobody knows whether the service has signed: the next try asks by the same id.
    """

    class State(models.TextChoices):
        SENDING = "sending", pgettext_lazy("request", "being asked")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        DOUBTFUL = "doubtful", pgettext_lazy("request", "doubtful: ask before repeating")
        REFUSED = "refused", pgettext_lazy("request", "answer refused")

    request_id = models.CharField(max_length=100, unique=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="requests")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    signature = models.BinaryField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    asked = models.PositiveIntegerField(default=0)
    # The time that stands in the signed paper: a repeated try signs the same bytes.
    signing_time = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="request_answered_with_signature",
                condition=Q(state="answered", signature__isnull=False, answered_at__isnull=False)
                | (~Q(state="answered") & Q(signature=None, answered_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.request_id
