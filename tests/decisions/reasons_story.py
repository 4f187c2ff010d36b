"""A decided season in which some were not recognised, and the hands that the tests of its letters share."""

import subprocess
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from core import jobs
from core.models import Job
from decisions import actions as decisions
from decisions.models import ReasonsLetter
from dossiers.models import Dossier
from evaluations import actions as evaluations
from tests.remembered import remembered

LIST = "/lam-viec/ky/2026/ly-do/"
State = ReasonsLetter.State
POINTS = [
    {"1": 45, "2": 25, "3": 15},
    {"1": 25, "2": 11, "3": 9},
    {"1": 41, "2": 25, "3": 7},
    {"1": 22, "2": 14, "3": 9},
]


@remembered
def decided(story, n: int) -> list[Dossier]:
    """The first of `n` dossiers is recognised, the others fail; members wrote about criterion 1."""
    found = story.scoring(n)
    for index, dossier in enumerate(found):
        for place, seat in enumerate(story.seats()):
            marks = {code: Decimal(points) for code, points in POINTS[index].items()}
            marks["2"] += place
            evaluations.save_marks(
                dossier=dossier,
                marks=marks,
                justifications={"1": f"Đủ số liệu, ghi bởi {seat.user.full_name}." if place else "Tăng đều ba năm."},
                by=seat.user,
                at=story.tick(),
            )
            evaluations.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())
    assert jobs.perform(evaluations.close_session(season=story.season(), by=story.secretary, at=story.tick()).pk)
    now = story.tick()
    window = {"opens_at": now, "closes_at": now + timedelta(days=10)}
    decisions.publish_result(season=story.season(), **window, by=story.secretary, at=now)
    story.tick(days=11)
    story.decide()
    return list(Dossier.objects.filter(pk__in=[d.pk for d in found]).order_by("pk"))


def address(letter: ReasonsLetter, name: str = "reasons_letter") -> str:
    return reverse(f"decisions:{name}", args=[2026, letter.pk])


def tick_of(letter: ReasonsLetter) -> str:
    return f"{letter.pk}:{letter.revision}"


def approve(client, *letters: ReasonsLetter, **change: object):
    return client.post(
        LIST, {"do": "approve", "confirmed": "on", "letter": [tick_of(one) for one in letters]} | change
    )


def make_papers() -> list[bool]:
    found = Job.objects.filter(kind="reasons.paper", state=Job.State.READY).order_by("pk")
    return [jobs.perform(job.pk) for job in found]


def fields_of(page) -> dict[str, str]:
    return {bound.html_name: bound.value() or "" for bound in page.context["form"]}


def read(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def owner_of(dossier: Dossier):
    return dossier.enterprise.representatives.get().user
