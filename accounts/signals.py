"""What happens to the ways to sign in is written into the log of acts, whichever page it came from.

New second steps are not among them: the library tells of them after the transaction, so our views write them down
inside it (accounts/factor_views.py).
"""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from accounts.middleware import SEEN
from core import audit


@receiver(user_logged_in)
def _clock_starts(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if hasattr(request, "session"):
        request.session[SEEN] = int(time.time())


def _record(act: str, user: Any, **detail: Any) -> None:
    with transaction.atomic():
        audit.record(act, user, by=user, at=timezone.now(), **detail)


@receiver(mfa.authenticator_removed)
def _removed(sender: Any, request: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    # What was proven with a factor that is gone counts no more, in this session either.
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa" or record.get("type") != authenticator.type
    ]
    _record("account.second_factor_removed", user, kind=authenticator.type)


@receiver(account.password_changed)
@receiver(account.password_set)
def _password(sender: Any, user: Any, **kwargs: Any) -> None:
    _record("account.password_changed", user)


@receiver(account.password_reset)
def _password_reset(sender: Any, user: Any, **kwargs: Any) -> None:
    _record("account.password_reset", user)


@receiver(social.social_account_added)
def _connected(sender: Any, sociallogin: Any, **kwargs: Any) -> None:
    _record("account.identity_connected", sociallogin.user)


@receiver(social.social_account_removed)
def _disconnected(sender: Any, socialaccount: Any, **kwargs: Any) -> None:
    _record("account.identity_disconnected", socialaccount.user)
