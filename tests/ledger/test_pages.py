"""What everybody may read of the log, in words and as files; whatever somebody types, the answer is in words."""

import json
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import merkle
from core.models import AuditEvent
from ledger import check_log, queries
from ledger.models import LogEntry, LogRoot
from ledger.views import files

CANARIES = ("chuyện kín", "test.happened", "account.opened", "somebody")
PAGES = ("log", "check", "roots", "keys", "leaves", "consistency", "time_stamp_roots", "script")


def address(name, **values):
    return reverse(f"ledger:{name}", kwargs=values or None)


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


@pytest.fixture
def newest(three_days):
    return three_days[-1]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_addresses_are_words_of_the_language(language):
    with translation.override(language):
        assert address("log") == {"vi": "/nhat-ky/", "en": "/en/log/"}[language]
        assert address("roots") == address("log") + "roots.json"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_and_file_answers_a_visitor_with_and_without_roots(client, db, language, request):
    with translation.override(language):
        for name in PAGES:
            expected = 404 if name == "consistency" else 200
            assert client.get(address(name)).status_code == expected, name
        request.getfixturevalue("three_days")
        for name in PAGES:
            assert client.get(address(name)).status_code == 200, name


def test_nothing_of_an_event_is_in_any_page_or_file(client, three_days):
    paths = [address(name) for name in PAGES] + [address("proof", number=3)]
    entry = bytes(LogEntry.objects.get(seq=3).entry).hex()
    paths += [f"{address('check')}?number=3&entry={entry}"]
    hashes = set(AuditEvent.objects.values_list("hash", flat=True))
    for path in paths:
        text = text_of(client.get(path))
        assert not [word for word in CANARIES if word in text], path
        assert not [one for one in hashes if one in text], path
        assert not [salt for salt in LogEntry.objects.values_list("salt", flat=True) if salt.hex in text], path


def test_the_list_names_each_day_with_size_root_and_signature(client, three_days):
    page = client.get(address("log")).content.decode()

    for root in three_days:
        assert root.root in page
        assert root.day.strftime("%d/%m/%Y") in page
    assert page.count("</svg>đã ký</span>") == 3
    assert "?first=1&amp;last=14" in page


def test_an_unsigned_root_is_called_unsigned(client, diary):
    diary.events(2)
    diary.night()

    page = client.get(address("log")).content.decode()
    assert "chưa ký" in page
    assert "</svg>đã ký</span>" not in page


def test_the_list_asks_the_database_as_often_for_one_root_as_for_many(
    client, diary, django_assert_max_num_queries, settings
):
    diary.events(1)
    diary.night()
    with django_assert_max_num_queries(6) as one:
        client.get(address("log"))
    diary.night(5)
    with django_assert_max_num_queries(len(one)):
        client.get(address("log"))


def test_days_come_in_pages(client, diary):
    diary.events(1)
    diary.night()
    diary.night(32)

    assert client.get(address("log")).content.decode().count("<code class") == 32
    assert client.get(address("log") + "?page=2").content.decode().count("<code class") == 3
    assert client.get(address("log") + "?page=x").status_code == 200


def test_the_files_may_be_kept_by_caches_and_read_by_other_sites(client, newest):
    for name in ("roots", "keys", "leaves", "consistency", "script"):
        response = client.get(address(name))
        assert "public" in response["Cache-Control"], name
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Cookie" not in response.get("Vary", ""), name
        assert not response.cookies, name
        assert Client().post(address(name)).status_code in (403, 405)
    assert "max-age=86400" in client.get(f"{address('leaves')}?first=1&last=2")["Cache-Control"]
    assert "public" in client.get(address("log"))["Cache-Control"]


def test_the_entries_of_a_part_are_those_lines(client, newest):
    everything = text_of(client.get(address("leaves"))).splitlines()

    assert len(everything) == newest.size < AuditEvent.objects.count()
    assert everything[2] == bytes(LogEntry.objects.get(seq=3).entry).hex()
    assert text_of(client.get(f"{address('leaves')}?first=3&last=5")).splitlines() == everything[2:5]
    assert text_of(client.get(f"{address('leaves')}?last=2")).splitlines() == everything[:2]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("first=0", 404),
        ("first=5&last=4", 404),
        ("last=99999", 404),
        ("first=x", 400),
        ("first=²", 400),
        ("first=-1", 400),
        ("first=" + "9" * 400, 400),
        ("last=1.5", 400),
        ("first=%00", 400),
    ],
)
def test_an_impossible_part_is_refused_in_words(client, newest, query, status):
    response = client.get(f"{address('leaves')}?{query}")

    assert response.status_code == status
    assert response.json()["error"]


def test_too_large_a_part_is_refused_and_the_size_that_may_be_asked_is_told(client, newest, monkeypatch):
    monkeypatch.setattr(files, "MOST_LINES", 5)

    response = client.get(address("leaves"))
    assert (response.status_code, "5" in response.json()["error"]) == (400, True)
    assert client.get(f"{address('leaves')}?first=1&last=5").status_code == 200


def test_a_missing_entry_leaves_its_line_empty(client, newest, bare):
    bare("DELETE FROM ledger_logentry WHERE seq IN (1, 4)")

    lines = text_of(client.get(address("leaves"))).split("\n")
    assert [n for n, line in enumerate(lines, 1) if not line] == [1, 4, newest.size + 1]


def test_every_entry_has_a_proof_under_every_root_that_covers_it(client, three_days):
    for root in three_days:
        for number in range(1, root.size + 1):
            proof = client.get(f"{address('proof', number=number)}?day={root}").json()
            path = [bytes.fromhex(one) for one in proof["path"]]
            leaf = merkle.leaf_hash(bytes.fromhex(proof["entry"]))
            assert merkle.verify_inclusion(leaf, number - 1, root.size, path, bytes.fromhex(root.root))
            assert proof["under"] == root.statement


@pytest.mark.parametrize("query", ["?day=2026-08-02", "?day=x", "?day=%00", "?day=" + "9" * 300])
def test_a_proof_for_an_unknown_day_is_refused_in_words(client, newest, query):
    response = client.get(address("proof", number=1) + query)
    assert (response.status_code, bool(response.json()["error"])) == (404, True)


@pytest.mark.parametrize("number", [0, 999, 10**18, 10**30])
def test_a_proof_of_an_entry_that_no_root_covers_is_refused_in_words(client, newest, number):
    response = client.get(address("proof", number=number))
    assert (response.status_code, bool(response.json()["error"])) == (404, True)


def test_the_proof_between_two_days_holds(client, three_days):
    for first in three_days:
        for last in three_days:
            response = client.get(f"{address('consistency')}?first={first}&last={last}")
            if last.day < first.day:
                assert (response.status_code, bool(response.json()["error"])) == (400, True)
                continue
            proof = response.json()
            path = [bytes.fromhex(one) for one in proof["path"]]
            roots = bytes.fromhex(first.root), bytes.fromhex(last.root)
            assert merkle.verify_consistency(first.size, last.size, path, *roots)


def test_a_large_log_is_proven_part_by_part(client, diary, monkeypatch):
    monkeypatch.setattr(queries, "PART", 8)
    diary.events(45)
    diary.night()
    diary.events(60)
    for root in diary.night():
        for number in (1, 8, 9, 33, root.size):
            assert queries.inclusion(number, root).entry
    first, last = LogRoot.objects.order_by("day")
    assert queries.consistency(first, last)["path"]


def test_of_damaged_entries_no_proof_is_made(client, newest, bare):
    bare("UPDATE ledger_logentry SET entry = sha256('x') WHERE seq = 5")

    for path in (address("proof", number=5), address("proof", number=9), address("consistency")):
        response = client.get(path)
        assert (response.status_code, "báo cơ quan" in response.json()["error"]) == (404, True)
    page = client.get(f"{address('check')}?number=5&entry={'0' * 64}")
    assert (page.status_code, "không còn khớp" in page.content.decode()) == (200, True)
    bare("DELETE FROM ledger_logentry WHERE seq = 5")
    assert client.get(address("proof", number=5)).status_code == 404


def asked(client, number, entry):
    response = client.get(address("check"), {"number": number, "entry": entry})
    return response.status_code, response.content.decode()


def test_a_citizen_asks_for_an_entry_and_is_answered_in_words(client, newest):
    entry = bytes(LogEntry.objects.get(seq=7).entry).hex()

    status, page = asked(client, 7, f" {entry[:32].upper()} {entry[32:]}")
    assert (status, "Mục 7 có trong nhật ký" in page) == (200, True)
    assert "data-log-proof" in page
    assert "Trong nhật ký, mục 8 có mã băm khác" in asked(client, 8, entry)[1]
    assert "Chưa có mã gốc nào gồm mục 999" in asked(client, 999, entry)[1]


def test_without_roots_the_check_says_so(client, db):
    status, page = asked(client, 1, "0" * 64)
    assert (status, "Chưa có mã gốc" in page) == (200, True)


@pytest.mark.parametrize(
    ("number", "entry"),
    [("", ""), ("0", "0" * 64), ("-1", "0" * 64), ("²", "0" * 64), ("9" * 5000, "0" * 64), ("1", "xyz"),
     ("1", "0" * 63), ("1", "\x00" * 64), ("1", "٣" * 64), ("x", "0" * 3000), ("1,5", "0" * 64), ("1e3", "0" * 64)],
)  # fmt: skip
def test_a_mistyped_question_is_refused_in_words(client, newest, number, entry):
    status, page = asked(client, number, entry)
    assert (status, "error-summary" in page) == (400, True)


def pasted(client, proof, root=""):
    text = proof if isinstance(proof, str) else json.dumps(proof)
    response = client.post(address("check"), {"proof": text, "root": root})
    return response.status_code, response.content.decode()


def test_a_pasted_proof_is_answered_in_words(client, newest):
    proof = queries.inclusion(4, newest).as_json()

    assert "Bằng chứng đúng: mục 4" in pasted(client, proof)[1]
    assert "đúng là mã gốc bạn đã lưu" in pasted(client, proof, newest.root.upper())[1]
    assert "khác với mã bạn đã lưu" in pasted(client, proof, "0" * 64)[1]
    assert "Bằng chứng không đúng" in pasted(client, proof | {"number": 5})[1]
    assert "Bằng chứng không đúng" in pasted(client, proof | {"entry": "0" * 64})[1]
    elsewhere = proof | {"under": proof["under"] | {"day": "2020-01-01"}}
    assert "không có mã gốc của ngày đó" in pasted(client, elsewhere)[1]
    made_up = {"number": 1, "entry": "0" * 64, "path": []}
    root = merkle.leaf_hash(bytes(32)).hex()
    made_up["under"] = newest.statement | {"size": 1, "root": root}
    assert "ghi mã gốc khác với mã đã công bố" in pasted(client, made_up)[1]


@pytest.mark.parametrize(
    "change",
    [
        "", "x", "null", "[]", "{}", "[" * 9000, "1" * 6000, "\x00",
        {"number": True}, {"number": 0}, {"number": "1"}, {"number": 10**30}, {"number": 1.5}, {"path": None},
        {"path": ["0" * 64] * 65}, {"path": [1]}, {"path": ["0" * 63]}, {"entry": None}, {"under": None},
        {"under": {}}, {"under": {"size": 1, "root": "0" * 64, "day": 5}},
    ],
)  # fmt: skip
def test_a_paste_that_is_no_proof_is_refused_in_words(client, newest, change):
    proof = queries.inclusion(4, newest).as_json()

    status, page = pasted(client, change if isinstance(change, str) else proof | change)
    assert (status, "error-summary" in page) == (400, True)


@pytest.mark.parametrize("odd", [{"x": 1.5}, {"x": "\ud800"}, {"day": "\x00"}, {"x": [[[[[[1]]]]]]}])
def test_a_proof_with_odd_facts_beside_is_no_published_one(client, newest, odd):
    proof = queries.inclusion(4, newest).as_json()
    status, page = pasted(client, proof | {"under": proof["under"] | odd})

    assert (status, "Bằng chứng tự nó đúng" in page) == (200, True)


def test_the_paste_needs_the_token_of_its_page(newest):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address("check"), {"proof": "x"}).status_code == 403


def test_the_script_is_offered_as_it_is(client, db):
    response = client.get(address("script"))

    assert response["Content-Disposition"] == 'attachment; filename="check_log.py"'
    assert response.content == files.export.SCRIPT.read_bytes()


def test_of_the_file_of_roots_only_certificates_are_published(client, signing_key, settings, tmp_path):
    mixed = tmp_path / "mixed.pem"
    with open(settings.SIGNING_ROOTS) as roots:
        certificate = roots.read()
    mixed.write_text(f"{certificate}-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\nwords\n")
    settings.SIGNING_TIME_STAMP_ROOTS = str(mixed)

    assert client.get(address("time_stamp_roots")).content.decode() == certificate


@pytest.mark.django_db(transaction=True)
def test_the_script_checks_the_site_itself_part_by_part(live_server, story, monkeypatch, request):
    three_days = request.getfixturevalue("three_days")
    monkeypatch.setattr(files, "MOST_LINES", 10)
    small = files.export.SCRIPT.read_text(encoding="utf-8").replace("PAGE = 50_000", "PAGE = 10")
    done = subprocess.run(
        [sys.executable, "-I", "-c", small, live_server.url + "/nhat-ky"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"over {three_days[-1].size} entries" in done.stdout
    assert "PAGE = 10" in small
    assert check_log.PAGE == 50_000
