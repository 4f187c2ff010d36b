"""Where letters of a demonstration go: a table that a page shows, because there is no mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from mail.models import DemoMessage

KEPT = 1000


class DemoMailbox(BaseEmailBackend):
    """Keeps each message as it would have gone over the wire."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            DemoMessage.objects.create(
                to=", ".join(message.recipients())[:300],
                subject=str(message.subject)[:500],
                raw=message.message().as_bytes(),
                received_at=timezone.now(),
                message_id=str(message.extra_headers.get("Message-ID", ""))[:200],
            )
        stale = DemoMessage.objects.order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 1].first()
        if stale is not None:
            DemoMessage.objects.filter(pk__lte=stale).delete()
        return len(email_messages)
