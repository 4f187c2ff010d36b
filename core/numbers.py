"""Numbers that people rely on: no gap, no double."""

from django.db import connection


def next_number(book: str) -> int:
    """The next number of the book, 1 at first. Belongs into the transaction that uses it: a rollback gives it
    back, and others wait for the row meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberbook (book, last) VALUES (%s, 1) "
            "ON CONFLICT (book) DO UPDATE SET last = core_numberbook.last + 1 RETURNING last",
            [book],
        )
        row = cursor.fetchone()
    return int(row[0])
