"""The whole year, told once through real actions. The first test a newcomer should read."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from certificates.models import Certificate
from core import jobs
from core.models import AuditEvent
from dossiers import actions as dossiers
from dossiers.models import Stage
from evaluations import actions as evaluations
from evaluations.models import Result
from registry import actions as registry
from registry.models import PublishedListItem, Recognition, Status


@pytest.mark.pdf
def test_a_season_runs_from_the_first_draft_to_a_revoked_certificate(story, django_capture_on_commit_callbacks, keys):
    # An enterprise files a dossier; the officer asks for a supplement, receives it and admits it.
    first = story.supplement("an-phat")
    assert first.stage == Stage.SUPPLEMENT
    story.attach(first, "quality_certificates", "an-phat", content=b"%PDF-1.4 ISO 9001 moi")
    dossiers.answer_supplement(dossier=first, by=story.person("an-phat"), at=story.tick())
    dossiers.admit(dossier=first, by=story.officer, at=story.tick())

    # Two others are eligible; one of them belongs to somebody the third member knows.
    second, third = story.eligible("song-to"), story.eligible("ke-cho")
    seats = story.seats(3)
    story.declared(conflicts={2: [third]})
    evaluations.assign(season=story.season(), by=story.secretary, at=story.tick())
    assert story.open_session() == 3

    # Members score; the conflicted one has no sheet for the third dossier.
    for seat in seats:
        story.score(first, seat, {"1": 50, "2": 25, "3": 15})
        story.score(second, seat, {"1": 20, "2": 12, "3": 8})
    for seat in seats[:2]:
        story.score(third, seat, {"1": 40, "2": 30, "3": 20})

    # The secretary closes; the job computes averages, ranks, pass and Top 10.
    job = evaluations.close_session(season=story.season(), by=story.secretary, at=story.tick())
    assert jobs.perform(job.pk) is True
    ranked = list(Result.objects.order_by("rank").values_list("dossier_id", "rank", "total", "passes", "is_top10"))
    # First and third both come to 90; criterion 2 breaks the tie.
    assert ranked == [
        (third.pk, 1, 90, True, True),
        (first.pk, 2, 90, True, True),
        (second.pk, 3, 40, False, False),
    ]

    # The list is published for comment, without scores; then the decision is recorded.
    from decisions import actions as decisions

    now = story.tick()
    closes = now + timedelta(days=10)
    decisions.publish_result(season=story.season(), opens_at=now, closes_at=closes, by=story.secretary, at=now)
    assert PublishedListItem.objects.count() == 2
    story.tick(days=11)
    recognitions = story.decide(number="5012/QĐ-UBND")
    assert len(recognitions) == 2

    # Certificates follow: one per product, and one more for each of the Top 10; drafted, approved, signed.
    story.issued()
    issued = Certificate.objects.filter(issued_at__isnull=False)
    assert issued.count() == 4
    assert sorted(issued.filter(kind="product").values_list("number", flat=True)) == [1, 2]

    # A revocation ends it at once; nothing of the history is lost.
    one = Recognition.objects.get(product__source_id=first.product_id)
    why = {"ground": "false_data", "document": "12/QĐ-UBND", "reason": "Doanh thu khai khống."}
    registry.revoke(recognition=one, **why, by=story.officer, at=story.tick())
    one.refresh_from_db()
    assert one.status() == Status.REVOKED
    call_command("recompute_results", check=True)
    call_command("verify_audit")
    assert AuditEvent.objects.filter(act="recognition.revoked").count() == 1
