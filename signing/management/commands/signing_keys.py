from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.errors import Refused
from signing import actions, keys
from signing.models import Purpose, SigningKey


class Command(BaseCommand):
    help = "Lists the keys that sign, registers a key by its certificate, retires a key. It sees no private key."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="list | register | retire")
        acts.add_parser("list", help="every key and whether it may sign now")
        register = acts.add_parser("register", help="take a certificate into the key history")
        register.add_argument(
            "kid", help="the name of the key: of its file, its label in the token, or at the service"
        )
        register.add_argument("purpose", choices=Purpose.values)
        register.add_argument("certificate", help="PEM: the certificate, then those between it and the root")
        register.add_argument("--provider", choices=SigningKey.Provider.values, default="file")
        retire = acts.add_parser("retire", help="the key signs nothing from now on")
        retire.add_argument("kid")
        retire.add_argument("--reason", choices=SigningKey.Reason.values, required=True)
        retire.add_argument("--since", help="compromised: since when, for example 2026-03-05T10:00+07:00")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            if options["act"] == "register":
                key = self._register(options, now)
                self.stdout.write(f"{key.kid} is registered, valid until {key.valid_to:%d/%m/%Y}.")
            elif options["act"] == "retire":
                key = self._retire(options, now)
                self.stdout.write(f"{key.kid} is retired.")
            else:
                self._list(now)
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from None

    def _list(self, now: datetime) -> None:
        for key in SigningKey.objects.all():
            fault = keys.fault(key, now)
            self.stdout.write(f"{key.kid}  {key.purpose}  {key.provider}  {key.algorithm}  {fault or 'may sign'}")

    def _register(self, options: dict[str, Any], now: datetime) -> SigningKey:
        try:
            text = Path(options["certificate"]).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The certificate cannot be read ({error}).") from None
        end = "-----END CERTIFICATE-----"
        first, mark, rest = text.partition(end)
        return actions.register(
            kid=options["kid"],
            purpose=options["purpose"],
            provider=options["provider"],
            certificate_pem=first + mark + "\n",
            chain_pem=rest.strip(),
            by=None,
            at=now,
        )

    def _retire(self, options: dict[str, Any], now: datetime) -> SigningKey:
        key = SigningKey.objects.filter(kid=options["kid"]).first()
        if key is None:
            raise CommandError(f"No key is named {options['kid']}.")
        since = parse_datetime(options["since"]) if options["since"] else None
        if options["since"] and (since is None or since.tzinfo is None):
            raise CommandError("--since is a time with its offset, for example 2026-03-05T10:00+07:00.")
        return actions.retire(key=key, reason=options["reason"], compromised_at=since, by=None, at=now)
