"""Twenty people press at once; an autosave runs against the sending. Real connections, real locks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone, translation

from core.canonical import digest
from core.errors import Refused
from dossiers import actions, drafts
from dossiers.models import Dossier, DossierVersion, StageChange
from dossiers.versions import content_of
from enterprises.actions import add_representative
from mail.models import Letter
from tests.dossiers.applicant import signed_in, url
from tests.story import Story

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS, ROUNDS = 20, 200


def in_parallel(works):
    """Run all at once, each on its own connection; the answers in order."""
    barrier = threading.Barrier(len(works))

    def run(work):
        translation.activate("vi")
        try:
            barrier.wait(20)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_twenty_parallel_submissions_give_one_number_one_version_and_one_step(transactional_db):
    story = Story()
    dossier = story.complete()
    signers = [story.person("clerk"), *(story.person(f"signer-{n}") for n in range(3))]
    for person in signers[1:]:
        add_representative(enterprise=dossier.enterprise, user=person, by=signers[0], at=story.tick())
    story.receive(dossier.season.registration_opens_at, timezone.now() + timedelta(days=300))
    clients = [signed_in(signers[n % len(signers)]) for n in range(SENDERS)]

    answers = in_parallel([lambda one=one: one.post(url("review", dossier), {"declared": "on"}) for one in clients])

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, url("receipt", dossier))}
    dossier.refresh_from_db()
    assert dossier.number.endswith("-0001")
    assert StageChange.objects.filter(dossier=dossier, step="submit").count() == 1
    assert DossierVersion.objects.filter(dossier=dossier).count() == 1
    assert Letter.objects.filter(kind="dossier_received").count() == len(signers)


def test_an_autosave_against_the_sending_never_changes_what_was_sent(transactional_db):
    """Two hundred rounds: the dossier goes back to a draft between them, which only this test can do."""
    story = Story()
    dossier = story.complete()
    clerk, other = story.person("clerk"), story.person("colleague")
    add_representative(enterprise=dossier.enterprise, user=other, role="fills_in", by=clerk, at=story.tick())
    kept = {"saved": 0, "late": 0}

    def send():
        return actions.submit(dossier=dossier, by=clerk, at=story.now)

    def autosave(round_):
        changes = {"technology": (before.technology, f"Vòng {round_}")}
        try:
            drafts.save(dossier=dossier, part="product", changes=changes, by=other, at=story.now)
        except Refused:
            return "late"
        return "saved"

    for round_ in range(ROUNDS):
        before = Dossier.objects.get(pk=dossier.pk)
        _sent, what = in_parallel([send, lambda n=round_: autosave(n)])
        kept[what] += 1
        after = Dossier.objects.select_related("enterprise", "product").get(pk=dossier.pk)
        version = DossierVersion.objects.filter(dossier=dossier).order_by("-number").first()
        assert version.content["product"]["technology"] == after.technology
        assert (after.technology == f"Vòng {round_}") == (what == "saved")
        assert version.digest == digest(content_of(after)) == digest(version.content)
        with transaction.atomic():
            StageChange.objects.create(
                dossier=dossier, step="submit", from_stage="submitted", to_stage="draft", taken_at=story.tick()
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE dossiers_dossier SET stage = 'draft', number = NULL, submitted_at = NULL WHERE id = %s",
                    [dossier.pk],
                )
    assert sum(kept.values()) == ROUNDS
    assert kept["late"] > 0, kept
