"""A scanner is connected: a file waits, is passed or locked, and nobody opens what was not passed."""

import pytest

from core import jobs
from core.errors import Refused
from core.models import AuditEvent, Job
from dossiers import actions
from dossiers.models import Document, Dossier, Scan, Stage
from tests.core.clamd import Clamd
from tests.dossiers import corpus
from tests.dossiers.applicant import signed_in, tell_time, upload, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def clamd(settings):
    daemon = Clamd()
    settings.CLAMD = daemon.url
    yield daemon
    daemon.close()


def attach(story, dossier, name="a.pdf", content=None, paper="awards"):
    return actions.attach(
        dossier=dossier,
        paper=paper,
        name=name,
        content=content or corpus.pdf(name),
        media_type="application/pdf",
        by=story.person("clerk"),
        at=story.tick(),
    )


def scan_all():
    return [jobs.perform(pk) for pk in Job.objects.filter(kind="document.scan").values_list("pk", flat=True)]


def test_without_a_scanner_a_file_is_called_unscanned_and_opens(story, settings):
    settings.CLAMD = ""
    document = attach(story, story.draft())

    assert document.scan == Scan.UNSCANNED
    assert not Job.objects.filter(kind="document.scan").exists()
    assert signed_in(story.person("clerk")).get(url("document", pk=document.pk)).status_code == 200


def test_a_new_file_waits_locked_until_it_is_passed(story, clamd):
    dossier = story.draft()
    document = attach(story, dossier)
    client = signed_in(story.person("clerk"))

    assert document.scan == Scan.WAITING
    locked = client.get(url("document", pk=document.pk))
    assert locked.status_code == 409
    assert "đang được quét" in words(locked)
    assert 'data-scan="waiting"' in words(client.get(url("papers", dossier)))
    assert client.get(url("papers_scans", dossier)).json() == {"scans": {str(document.pk): "waiting"}}

    assert scan_all() == [True]

    assert client.get(url("document", pk=document.pk)).status_code == 200
    assert client.get(url("papers_scans", dossier)).json() == {"scans": {str(document.pk): "clean"}}
    document.refresh_from_db()
    assert document.scanned_at is not None


@pytest.mark.parametrize(
    ("name", "content"), corpus.infected(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_harmful_file_is_never_opened_by_anybody(story, settings, clamd, name, content):
    """It passes the judgement of its form, as a crafted file may; the scanner finds it."""
    settings.CLAMD = ""
    dossier = story.supplement()
    settings.CLAMD = clamd.url
    answer = signed_in(story.person("clerk")).post(
        url("papers", dossier), {"paper": "quality_certificates", "files": [upload(name, content)]}
    )
    assert answer.status_code == 302
    document = Document.objects.latest("pk")

    scan_all()

    document.refresh_from_db()
    assert (document.scan, document.scan_words) == (Scan.INFECTED, "Eicar-Test-Signature")
    for who in (story.person("clerk"), story.officer):
        for query in ("", "?xem=1", "?nho=1"):
            said = signed_in(who).get(url("document", pk=document.pk) + query)
            assert said.status_code == 409
            assert "Eicar-Test-Signature" in words(said)
    assert AuditEvent.objects.filter(act="document.found_harmful", object_id=str(document.pk)).count() == 1
    assert not AuditEvent.objects.filter(act="document.read").exists()


def test_the_applicant_reads_what_was_found_and_replaces_it(story, clamd):
    dossier = story.draft()
    bad = attach(story, dossier, "eicar.pdf", corpus.infected()[0][1], paper="application_form")
    scan_all()
    client = signed_in(story.person("clerk"))

    assert "Eicar-Test-Signature" in words(client.get(url("papers", dossier)))
    good = attach(story, dossier, "good.pdf", paper="application_form")
    scan_all()

    bad.refresh_from_db()
    assert bad.removed_at is not None
    assert list(dossier.documents.current().values_list("pk", "scan")) == [(good.pk, "clean")]
    back = client.post(url("put_back_document", dossier, document=bad.pk))
    assert back.status_code == 409
    bad.refresh_from_db()
    assert bad.removed_at is not None


@pytest.mark.parametrize("how", ["waiting", "infected"])
def test_a_dossier_is_not_sent_with_a_file_that_was_not_passed(story, clamd, how):
    dossier = story.complete()
    scan_all()
    attach(story, dossier, "giai-thuong.pdf", corpus.infected()[0][1] if how == "infected" else None)
    if how == "infected":
        scan_all()

    with pytest.raises(Refused) as refused:
        actions.submit(dossier=dossier, by=story.person("clerk"), at=story.tick())

    assert "giai-thuong.pdf" in str(refused.value)
    dossier.refresh_from_db()
    assert (dossier.stage, dossier.number) == (Stage.DRAFT, None)


def test_a_supplement_is_not_sent_with_a_file_that_was_not_passed(story, settings, clamd):
    settings.CLAMD = ""
    dossier = story.supplement()
    settings.CLAMD = clamd.url
    attach(story, dossier, "iso-moi.pdf", paper="quality_certificates")

    with pytest.raises(Refused, match="iso-moi"):
        actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())

    scan_all()
    actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())
    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.CHECKING


@pytest.mark.parametrize("trouble", ["down", "garbage", "gone"])
def test_a_scanner_in_trouble_leaves_the_file_waiting_without_losing_an_attempt(story, settings, clamd, trouble):
    document = attach(story, story.draft())
    if trouble == "down":
        settings.CLAMD = "tcp://127.0.0.1:1"
    elif trouble == "garbage":
        clamd.answer = lambda content: b"certainly fine\0"
    else:
        settings.CLAMD = ""

    assert scan_all() == [False]

    document.refresh_from_db()
    job = Job.objects.get(kind="document.scan")
    assert document.scan == Scan.WAITING
    assert (job.state, job.attempt) == ("ready", 0)
    assert signed_in(story.person("clerk")).get(url("document", pk=document.pk)).status_code == 409


def test_bytes_once_found_harmful_are_locked_in_every_dossier(story, settings, clamd):
    content = corpus.infected()[0][1]
    settings.CLAMD = ""
    before = attach(story, story.draft(), "a.pdf", content)
    settings.CLAMD = clamd.url
    found = attach(story, story.draft(), "b.pdf", content)
    scan_all()
    settings.CLAMD = ""
    after = attach(story, story.draft(), "c.pdf", content)

    for document in (before, found, after):
        document.refresh_from_db()
        assert document.scan == Scan.INFECTED


def test_the_verdict_comes_once_however_often_the_job_runs(story, clamd):
    document = attach(story, story.draft())
    job = Job.objects.get(kind="document.scan")

    assert jobs.perform(job.pk)
    assert not jobs.perform(job.pk)
    assert clamd.heard == [corpus.pdf("a.pdf")] or len(clamd.heard) == 1
    document.refresh_from_db()
    assert document.scan == Scan.CLEAN
