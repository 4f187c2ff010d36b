"""One size, in a process of its own: load, measure the ways in turn, print the facts as JSON."""

import argparse
import json
import sys
from typing import Any


def prepare() -> None:
    """The tables of the site, once; every size begins with a copy of this database."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def measure(dossiers: int, runs: int, *, loop: bool, pure: bool) -> dict[str, Any]:
    from django.db import connection
    from django.db.models.signals import post_save

    from bench import seasons, ways
    from bench.measuring import backend_pid, peak_mib
    from evaluations.models import ResultRun

    # A run orders the papers and the report that follow it. No way to compute is charged for that, the loop neither.
    for follows in ("meetings.papers", "analysis.report_of_new_run"):
        if not post_save.disconnect(sender=ResultRun, dispatch_uid=follows):
            raise LookupError(follows)
    season = seasons.load(dossiers, with_marks=loop)
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SELECT count(*) FROM evaluations_standingsheet")
        sheets = cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('server_version')")
        server = cursor.fetchone()[0]
    pid, before = backend_pid(), peak_mib()
    all_ways = ways.ours(season)
    for _turn in range(runs):
        for way in all_ways:
            ways.empty_results()
            way.run(pid)
    after = peak_mib()
    ways.empty_results()
    ways.kept_run(season)
    order = ways.order_of(ResultRun.objects.latest("number"))
    slow = ways.others(season, loop=loop, pure=pure)
    for way in slow:
        ways.empty_results()
        way.run(pid)
    return {
        "dossiers": dossiers,
        "sheets": sheets,
        "marks": sheets * seasons.CRITERIA,
        "server": server,
        "peak_before": before,
        "peak_after": after,
        "order": str(order),
        "ways": {way.name: way.facts() for way in (*all_ways, *slow)},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dossiers", type=int, help="0 makes the tables")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--loop", action="store_true")
    parser.add_argument("--pure", action="store_true")
    options = parser.parse_args()
    import django

    django.setup()
    if options.dossiers == 0:
        prepare()
    else:
        json.dump(measure(options.dossiers, options.runs, loop=options.loop, pure=options.pure), sys.stdout)


if __name__ == "__main__":
    main()
