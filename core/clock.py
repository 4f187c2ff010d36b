"""The one clock for deadlines: that of the database, whatever the clock of the machine that answers."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """This very moment, also within a transaction. Doors whose deadline is law pass it to their action as `at=`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
