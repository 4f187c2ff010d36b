from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import remove_all


class Command(BaseCommand):
    help = "Frees somebody who lost every device: removes the second step and ends the sessions, with a trace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--by", required=True, help="who checked the person, and on which paper")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Không có tài khoản này. No such account.")
        remove_all(user=user, reason=options["by"], at=timezone.now())
        self.stdout.write("Đã gỡ bước thứ hai; người này thiết lập lại khi đăng nhập. Second step removed.")
