"""The job that computes the report of a run. It is ordered with the run, in the same transaction, and does nothing to
it: the run stands whether or not there is ever a report."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_save

from analysis.method import METHOD
from analysis.models import Report
from core import jobs
from evaluations.models import ResultRun

JOB = "analysis.compute"


def order(run: ResultRun) -> None:
    """Once per run and method, however often it is asked for."""
    jobs.enqueue(JOB, key=f"{run.pk}:{METHOD}", payload={"run_id": run.pk, "method": METHOD})


def work(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The report, of the sheets as they were when the run was made. Nothing where they have changed since: what the
    run no longer stands on is computed for the page, and said there."""
    # NumPy and SciPy take a second and 70 MB: only who computes a report pays for them.
    from analysis.queries import basis_of
    from analysis.report import report

    run = ResultRun.objects.select_related("season__rubric").get(pk=payload["run_id"])
    basis = basis_of(run)
    return report(basis.table, basis.cut, basis.selected) if basis.is_current else None


def finish(payload: dict[str, Any], content: dict[str, Any] | None, at: datetime) -> None:
    if content is None or content["method"] != payload["method"]:
        return
    Report.objects.get_or_create(
        run_id=payload["run_id"], method=payload["method"], defaults={"content": content, "computed_at": at}
    )


def _of_new_run(sender: type[ResultRun], instance: ResultRun, created: bool, **_: Any) -> None:
    if created:
        order(instance)


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
    post_save.connect(_of_new_run, sender=ResultRun, dispatch_uid="analysis.report_of_new_run")
