"""Every hostile or broken file meets its own sentence: in the judgement, at the plain form, and in pieces.

`python -m pytest tests/dossiers/test_corpus.py -q -s` prints the table.
"""

import os
import pickle
import resource
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.html import escape

from core import uploads
from core.errors import Refused
from dossiers.models import Document, Upload
from tests.dossiers import corpus
from tests.dossiers.applicant import signed_in, tell_time, words

CASES = corpus.cases()
CASES_IN_ENGLISH = [case.sentence for case in CASES]
NAMED = [f"{case.trick}: {case.name}" for case in CASES]
MEGABYTE = 1024 * 1024


def refusal(case: corpus.Case, language: str = "en") -> str:
    with translation.override(language):
        try:
            uploads.check(SimpleUploadedFile(case.name or "x", case.content))
        except Refused as refused:
            return " ".join(refused.reasons)
    return "(kept)"


def stored(folder) -> list[str]:
    return [str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()]


def test_there_are_enough_tricks_and_sentences():
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.sentence for case in CASES}) >= 20
    assert {case.name.rpartition(".")[2] for case in CASES} >= {"pdf", "jpg", "png", "docx", "xlsx"}


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_each_file_meets_its_own_sentence(case):
    assert refusal(case) == case.sentence


def test_the_table_of_files_and_sentences(request):
    said = [refusal(case, "vi") for case in CASES]

    if request.config.getoption("capture") == "no":
        print("\n| Trick | File | What the person reads |\n| --- | --- | --- |")
        for case, words_of_it in zip(CASES, said, strict=True):
            print(f"| {case.trick} | `{ascii(case.name)[1:-1]}` | {words_of_it} |")
    assert "(kept)" not in said
    # Each English sentence has exactly one Vietnamese one.
    assert len(set(said)) == len({case.sentence for case in CASES}) == len({*zip(CASES_IN_ENGLISH, said, strict=True)})


def test_the_whole_corpus_is_judged_in_bounded_memory():
    """In a process that may take 192 MB more than it has: no file is unpacked into memory."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # no assertion here: the answer goes through the pipe
        found: list[str] = []
        try:
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("VmSize"):
                    limit = int(line.split()[1]) * 1024 + 192 * MEGABYTE
                    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            found = [case.name for case in CASES if refusal(case) != case.sentence]
        except BaseException as error:
            found = [repr(error)]
        finally:
            os.write(writer, pickle.dumps(found))
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = pickle.loads(stream.read())
    os.waitpid(child, 0)
    assert answer == []


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["form", "pieces"])
def test_the_corpus_at_both_doors(monkeypatch, story, settings, door, django_capture_on_commit_callbacks):
    """No 500, the same sentence, no document, nothing left on the disk."""
    tell_time(monkeypatch, story, settings)
    dossier = story.draft()
    client = signed_in(story.person("clerk"))
    page = f"/en/dossiers/{dossier.pk}/papers/"
    wrong = []
    for case in CASES:
        if door == "form":
            file = SimpleUploadedFile(case.name, case.content)
            answer = client.post(page, {"paper": "awards", "files": [file]})
            # Django cuts folders off a name before anybody sees it.
            fine = answer.status_code == 200 and str(escape(case.sentence)) in words(answer)
        else:
            with django_capture_on_commit_callbacks(execute=True):  # the pieces go with the commit
                status, said = in_pieces(client, page, case.name, case.content)
            fine = status in (409, 413, 422) and said == case.sentence
            answer = (status, said)
        if not fine:
            wrong.append((case.trick, case.name, str(answer)[:200]))
    assert wrong == []
    assert not Document.objects.exists()
    assert not Upload.objects.filter(document__isnull=False).exists()
    assert stored(settings.MEDIA_ROOT) == []


def in_pieces(client, page: str, name: str, content: bytes) -> tuple[int, str]:
    """As the script of the page sends a file. Status and words of the last answer."""
    begun = client.post(f"{page}uploads/", {"paper": "awards", "name": name, "size": len(content), "modified": "1"})
    if begun.status_code != 200:
        return begun.status_code, begun.json()["refused"]
    address, place = f"{page}uploads/{begun.json()['id']}/", 0
    while place < len(content):
        piece = content[place : place + MEGABYTE]
        sent = client.post(f"{address}?offset={place}", piece, content_type="application/octet-stream")
        assert sent.status_code == 200, sent.content
        place = sent.json()["received"]
    done = client.post(f"{address}finish/")
    return done.status_code, done.json().get("refused", "")


@pytest.mark.django_db
def test_every_odd_name_is_cleaned_escaped_and_reaches_the_reader(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)
    dossier = story.draft()
    client = signed_in(story.person("clerk"))
    page = f"/en/dossiers/{dossier.pk}/papers/"
    for number, (given, shown) in enumerate(corpus.NAMES):
        status, _said = in_pieces(client, page, given, corpus.pdf(str(number)))
        assert status == 200, given
        document = Document.objects.latest("pk")
        assert document.name == shown
        header = client.get(f"/tep/{document.pk}/")["Content-Disposition"]
        assert "\r" not in header
        assert "\n" not in header
        assert header.startswith("attachment")
    shown_page = words(client.get(page))
    assert "<script>.pdf" not in shown_page
    assert "\u202e" not in shown_page
