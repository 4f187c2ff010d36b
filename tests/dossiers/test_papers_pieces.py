"""Files in pieces: found again, continued where they stopped, counted, swept away."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.errors import Refused
from core.models import StoredFile
from dossiers import actions, tasks
from dossiers.actions import uploads
from dossiers.actions.uploads import WrongPlace
from dossiers.models import Document, Upload
from tests.dossiers import corpus
from tests.dossiers.applicant import signed_in, tell_time, url

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def big_pdf() -> bytes:
    """A whole PDF of two pieces and a bit: a long comment behind its first line."""
    content = corpus.pdf("big")
    filler = b"%" + b"x" * (2 * MEGABYTE + 1000) + b"\n"
    return content[:9] + filler + content[9:]


def begin(client, dossier, content, paper="awards", name="a.pdf", modified="7"):
    return client.post(
        url("upload_begin", dossier), {"paper": paper, "name": name, "size": len(content), "modified": modified}
    )


def send(client, dossier, pk, content, place):
    address = f"{url('upload_piece', dossier, upload=pk)}?offset={place}"
    return client.post(address, content, content_type="application/octet-stream")


def finish(client, dossier, pk):
    return client.post(url("upload_finish", dossier, upload=pk))


def whole(client, dossier, content, **how):
    pk = begin(client, dossier, content, **how).json()["id"]
    for place in range(0, len(content), MEGABYTE):
        assert send(client, dossier, pk, content[place : place + MEGABYTE], place).status_code == 200
    return finish(client, dossier, pk)


@pytest.fixture
def dossier(story):
    return story.draft()


@pytest.fixture
def client(story, dossier):
    return signed_in(story.person("clerk"))


def test_a_file_of_three_pieces_arrives_as_it_left(client, dossier):
    content = big_pdf()

    answer = whole(client, dossier, content)

    document = Document.objects.get(pk=answer.json()["document"])
    assert client.get(url("document", pk=document.pk)).content == content
    assert (document.name, document.dossier_id, document.paper) == ("a.pdf", dossier.pk, "awards")


def test_the_same_file_goes_on_where_it_stopped(client, dossier):
    content = big_pdf()
    first = begin(client, dossier, content).json()
    send(client, dossier, first["id"], content[:MEGABYTE], 0)

    again = begin(client, dossier, content).json()

    assert (again["id"], again["received"]) == (first["id"], MEGABYTE)
    assert begin(client, dossier, content, modified="8").json()["id"] != first["id"]
    assert begin(client, dossier, content, paper="intellectual_property").json()["id"] != first["id"]


def test_a_piece_from_the_wrong_place_is_told_the_right_one(client, dossier):
    content = big_pdf()
    pk = begin(client, dossier, content).json()["id"]
    send(client, dossier, pk, content[:MEGABYTE], 0)

    for place in (0, MEGABYTE - 1, MEGABYTE + 1, 5 * MEGABYTE, 10**14):
        answer = send(client, dossier, pk, content[:10], place)
        assert (answer.status_code, answer.json()["received"]) == (409, MEGABYTE)
    assert client.get(url("upload_piece", dossier, upload=pk)).json()["received"] == MEGABYTE


@pytest.mark.parametrize("place", ["", "x", "-1", "1.0", "²"])
def test_a_place_that_is_no_number_is_told_the_right_one(client, dossier, place):
    pk = begin(client, dossier, b"x" * 10).json()["id"]

    assert send(client, dossier, pk, b"x", place).json()["received"] == 0


def test_bytes_beyond_the_announced_size_are_refused(client, dossier):
    pk = begin(client, dossier, b"x" * 10).json()["id"]

    assert send(client, dossier, pk, b"x" * 11, 0).status_code == 413
    assert send(client, dossier, pk, b"x" * (MEGABYTE + 1), 0).status_code == 413
    assert Upload.objects.get().received_bytes == 0


def test_a_file_over_the_limit_is_refused_before_a_byte_comes(client, dossier):
    answer = client.post(url("upload_begin", dossier), {"paper": "awards", "name": "a.pdf", "size": 25 * MEGABYTE + 1})

    assert answer.status_code == 413
    assert "25 MB" in answer.json()["refused"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", ["a.exe", "a.docm", "", "a"])
def test_a_name_that_is_not_taken_is_refused_before_a_byte_comes(client, dossier, name):
    assert begin(client, dossier, b"x", name=name).status_code == 409
    assert not Upload.objects.exists()


def test_half_a_file_is_not_finished(client, dossier):
    content = big_pdf()
    pk = begin(client, dossier, content).json()["id"]
    send(client, dossier, pk, content[:MEGABYTE], 0)

    answer = finish(client, dossier, pk)

    assert (answer.status_code, answer.json()["received"]) == (409, MEGABYTE)
    assert not Document.objects.exists()


def test_finished_twice_gives_one_document_and_the_same_answer(client, dossier):
    content = corpus.pdf("once")
    first = whole(client, dossier, content)
    again = finish(client, dossier, first.json()["id"])

    assert first.json() == again.json()
    assert Document.objects.count() == 1


def test_a_refused_file_says_why_each_time_it_is_asked(client, dossier):
    first = whole(client, dossier, b"%PDF-1.7 nothing")
    again = finish(client, dossier, Upload.objects.get().pk)

    assert first.status_code == again.status_code == 422
    assert first.json() == again.json()
    assert not StoredFile.objects.exists()


def test_at_most_ten_files_are_on_their_way(client, dossier):
    codes = [begin(client, dossier, b"x" * (n + 1)).status_code for n in range(11)]

    assert codes == [200] * 10 + [429]
    client.delete(url("upload_piece", dossier, upload=Upload.objects.first().pk))
    assert begin(client, dossier, b"y" * 99).status_code == 200


def test_files_held_and_on_their_way_fill_a_slot_together(story, client, dossier):
    for number in range(18):
        story.attach(dossier, "awards", content=b"%PDF-" + str(number).encode())
    codes = [begin(client, dossier, b"x" * (n + 1)).status_code for n in range(3)]

    assert codes == [200, 200, 429]


def test_given_up_means_nothing_stays(client, dossier, django_capture_on_commit_callbacks):
    content = big_pdf()
    pk = begin(client, dossier, content).json()["id"]
    send(client, dossier, pk, content[:MEGABYTE], 0)
    assert list(uploads.folder().iterdir())

    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(url("upload_piece", dossier, upload=pk)).status_code == 200

    assert not Upload.objects.exists()
    assert not list(uploads.folder().iterdir())


def test_a_day_later_unfinished_uploads_are_swept(story, client, dossier, django_capture_on_commit_callbacks):
    content = big_pdf()
    pk = begin(client, dossier, content).json()["id"]
    send(client, dossier, pk, content[:MEGABYTE], 0)
    story.now += timedelta(hours=23)
    tasks.sweep_uploads()
    assert Upload.objects.filter(pk=pk).exists()
    story.now += timedelta(hours=2)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_uploads()

    assert not Upload.objects.exists()
    assert not list(uploads.folder().iterdir())


def test_the_beat_knows_the_sweep():
    from celery import current_app
    from django.conf import settings

    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "dossiers.tasks.sweep_uploads" in names
    assert "dossiers.tasks.sweep_uploads" in current_app.tasks


def test_a_server_that_lost_its_disk_goes_on_from_what_it_has(client, dossier):
    content = big_pdf()
    pk = begin(client, dossier, content).json()["id"]
    send(client, dossier, pk, content[:MEGABYTE], 0)
    path = uploads.path_of(Upload.objects.get())
    path.write_bytes(content[:100])

    assert begin(client, dossier, content).json()["received"] == 100
    assert send(client, dossier, pk, content[100 : 100 + MEGABYTE], 100).json()["received"] == 100 + MEGABYTE


def test_after_sending_no_piece_is_taken(story, client, dossier):
    other = story.complete()
    pk = begin(client, other, b"x" * 10).json()["id"]
    actions.submit(dossier=other, by=story.person("clerk"), at=story.tick())

    assert send(client, other, pk, b"x" * 10, 0).status_code == 409
    assert finish(client, other, pk).status_code == 409
    assert begin(client, other, b"x" * 10).status_code == 409


def test_a_colleague_does_not_find_somebody_elses_upload(story, client, dossier):
    from enterprises.models import Representative

    pk = begin(client, dossier, b"x" * 10).json()["id"]
    colleague = story.person("colleague")
    Representative.objects.create(user=colleague, enterprise=dossier.enterprise, role="fills_in", since=story.now)

    assert send(signed_in(colleague), dossier, pk, b"x", 0).status_code == 404
    assert begin(signed_in(colleague), dossier, b"x" * 10).json()["id"] != pk


def test_a_form_of_another_enterprise_begins_nothing(story, client, dossier):
    said = {"paper": "awards", "name": "a.pdf", "size": "9", "acting_for": "999999"}

    assert client.post(url("upload_begin", dossier), said).status_code == 409
    assert not Upload.objects.exists()


def test_the_plain_form_takes_several_files_at_once(client, dossier):
    given = [SimpleUploadedFile(f"{n}.pdf", corpus.pdf(str(n))) for n in range(3)]

    assert client.post(url("papers", dossier), {"paper": "awards", "files": given}).status_code == 302
    assert [d.name for d in dossier.documents.order_by("position")] == ["0.pdf", "1.pdf", "2.pdf"]


# --- at the same time ---------------------------------------------------------------------------------
def at_once(work, count):
    """`count` threads with connections of their own; what each returned or raised."""
    answers, gate = [], threading.Barrier(count)

    def run(number):
        gate.wait()
        try:
            answers.append(work(number))
        except Refused as refused:
            answers.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_thirty_uploads_begun_at_once_are_ten(story):
    dossier, by, at = story.draft(), story.person("clerk"), story.tick()

    answers = at_once(
        lambda n: (
            actions.begin_upload(
                dossier=dossier, paper="awards", name="a.pdf", size_bytes=n + 1, modified="", by=by, at=at
            ).pk
        ),
        30,
    )

    assert answers.count("TooMany") == 20
    assert Upload.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_at_once_is_written_once(story):
    dossier, by, at = story.draft(), story.person("clerk"), story.tick()
    upload = actions.begin_upload(
        dossier=dossier, paper="awards", name="a.pdf", size_bytes=300, modified="", by=by, at=at
    )

    answers = at_once(
        lambda n: actions.add_piece(upload=upload, offset=0, piece=bytes([n]) * 100, by=by, at=at).received_bytes, 8
    )

    assert sorted(map(str, answers)) == ["100"] + ["WrongPlace"] * 7
    kept = uploads.path_of(upload).read_bytes()
    assert len(kept) == 100
    assert len(set(kept)) == 1
    assert WrongPlace(3).received == 3


@pytest.mark.django_db(transaction=True)
def test_forty_files_attached_at_once_leave_twenty(story):
    dossier, by, at = story.draft(), story.person("clerk"), story.tick()

    answers = at_once(
        lambda n: (
            actions.attach(
                dossier=dossier,
                paper="awards",
                name=f"{n}.pdf",
                content=b"%PDF-" + bytes([n]),
                media_type="application/pdf",
                by=by,
                at=at,
            ).position
        ),
        40,
    )

    assert answers.count("Refused") == 20
    assert sorted(a for a in answers if isinstance(a, int)) == list(range(20))
    assert dossier.documents.current().count() == 20
