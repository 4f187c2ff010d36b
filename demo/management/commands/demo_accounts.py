from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from demo import people


class Command(BaseCommand):
    help = "Prints one sign-in per role of the demonstration. From constants; asks no database."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [("Vai trò / Role", "Email", "Mật khẩu / Password", "Trang đầu / Start page")]
        for sign_in in people.SIGN_INS:
            role = f"{sign_in.role_vi} / {sign_in.role_en}"
            rows.append((role, sign_in.person.email, people.PASSWORD, f"{settings.SITE_URL}{sign_in.page}"))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        self.stdout.write("Tài khoản minh họa, mọi dữ liệu đều hư cấu. Demonstration accounts, all data invented.")
        self.stdout.write(
            "Bước thứ hai: trang tự hiện mã minh họa. Second step: the page shows the demonstration's code itself."
        )
        self.stdout.write("")
        for number, row in enumerate(rows):
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            if number == 0:
                self.stdout.write("  ".join("-" * width for width in widths))
