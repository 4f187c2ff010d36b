"""Each case of a paper that somebody brings, with its answer in words (threats C09, C10)."""

import io
import re
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from signing import actions, pades, verdict
from signing.verdict import Case
from tests.signing.conftest import NOW
from tests.signing.helpers import LATER, judged, registered, signed
from tests.signing.papers import appended, plain_paper


@pytest.fixture
def paper(signing_keys):
    return signed(signing_keys["paper"])


def test_an_intact_paper(paper):
    answer, vi, en = judged(paper)

    assert (answer.case, answer.level, answer.is_proven, answer.covers_whole_file) == (Case.INTACT, "B-B", False, True)
    assert answer.signed_at == NOW
    assert answer.kid == "paper-demo-1"
    assert "không bị thay đổi" in vi
    assert "unchanged" in en
    assert "no legal value" in en


def test_an_unsigned_paper(signing_keys):
    answer, vi, en = judged(plain_paper())

    assert answer.case == Case.UNSIGNED
    assert "không có chữ ký" in vi
    assert "no electronic signature" in en


def test_one_altered_byte_of_the_content(paper):
    place = paper.index(b"(Ket qua") + 3
    answer, vi, en = judged(paper[:place] + bytes([paper[place] ^ 1]) + paper[place + 1 :])

    assert answer.case == Case.ALTERED
    assert "đã bị sửa" in vi
    assert "changed after signing" in en


def test_an_altered_signer_or_signature(paper):
    end_of_signature = re.search(rb"/Contents <[0-9A-F]*?[1-9A-F]0*>", paper).end() - 1
    end_of_signature = len(paper[:end_of_signature].rstrip(b"0")) - 10
    for place in (paper.index(b"/Reason") + 12, paper.index(b"/M (D") + 12, end_of_signature):
        other = b"0" if paper[place : place + 1] != b"0" else b"1"
        assert judged(paper[:place] + other + paper[place + 1 :])[0].case == Case.ALTERED


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_a_truncated_paper(paper, kept):
    answer, vi, en = judged(paper[: int(len(paper) * kept)])

    assert answer.case == Case.TRUNCATED
    assert "bị cắt" in vi
    assert "cut off" in en


def test_a_paper_without_its_last_byte(paper):
    assert judged(paper[:-1])[0].case == Case.TRUNCATED


def test_a_paper_cut_back_to_before_its_signature(paper, signing_keys):
    assert judged(paper[: len(plain_paper())])[0].case == Case.UNSIGNED


@pytest.mark.parametrize("attack", ["content", "annotation", "hide", "replace", "hide_and_replace", "second_paper"])
def test_whatever_is_appended_is_refused(paper, attack):
    answer, vi, en = judged(appended(paper, attack))

    assert answer.case == Case.EXTENDED
    assert "thêm vào" in vi
    assert "added" in en


def test_bytes_behind_the_end_are_refused(paper):
    for rest in (b"rubbish", b"%%EOF\n", b"\n\n\n"):
        assert judged(paper + rest)[0].case == Case.EXTENDED


def test_rewritten_by_another_program(paper):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        pdf.save(out)

    assert judged(out.getvalue())[0].case == Case.ALTERED


def test_signed_again_by_a_foreign_key(signing_keys, tmp_path, settings):
    key_folder, roots = settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS = str(tmp_path), str(tmp_path / "roots.pem")
    foreign = registered("foreign", tmp_path)
    content = signed(foreign)
    foreign.delete()
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS = key_folder, roots

    answer, vi, en = judged(content)

    assert answer.case == Case.FOREIGN_KEY
    assert "foreign" in vi
    assert "none of this registry" in en


def test_the_credential_key_signs_no_paper(signing_keys):
    assert judged(signed(signing_keys["credential"]))[0].case == Case.FOREIGN_KEY


def test_signed_by_an_expired_key(signing_keys, key_folder):
    key = registered("expired", key_folder, end=NOW - timedelta(days=1))

    answer, vi, en = judged(signed(key))

    assert answer.case == Case.EXPIRED_KEY
    assert "đến ngày 31/08/2026" in vi
    assert "valid until 31/08/2026" in en


def test_signed_before_the_key_was_valid(signing_keys, key_folder):
    key = registered("early", key_folder, start=NOW + timedelta(days=5))

    answer, _vi, en = judged(signed(key))

    assert answer.case == Case.EXPIRED_KEY
    assert "only from" in en


def test_signed_after_the_key_was_compromised(paper, signing_keys):
    since = NOW - timedelta(days=1)
    actions.retire(key=signing_keys["paper"], reason="compromised", compromised_at=since, by=None, at=LATER)

    answer, vi, en = judged(paper)

    assert answer.case == Case.RETIRED_KEY
    assert "31/08/2026" in vi
    assert "before this signature" in en


def test_signed_before_the_key_was_compromised_but_nothing_proves_it(paper, signing_keys):
    since = NOW + timedelta(days=1)
    actions.retire(key=signing_keys["paper"], reason="compromised", compromised_at=since, by=None, at=LATER)

    answer, _vi, en = judged(paper)

    assert answer.case == Case.RETIRED_KEY
    assert "no time stamp proves an earlier" in en


def test_a_time_stamp_proves_a_signature_from_before_the_compromise(signing_keys, settings):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_LEVEL = "demo", "B-T"
    content = signed(signing_keys["paper"])
    since = datetime.now(UTC) + timedelta(hours=1)
    key = actions.retire(
        key=signing_keys["paper"], reason="compromised", compromised_at=since, by=None, at=since + timedelta(hours=1)
    )

    assert judged(content)[0].case == Case.INTACT
    key.compromised_at = datetime.now(UTC) - timedelta(hours=1)
    key.save()
    assert judged(content)[0].case == Case.RETIRED_KEY


def test_a_key_replaced_by_a_newer_one_still_vouches_for_what_it_signed(paper, signing_keys):
    key = actions.retire(key=signing_keys["paper"], reason="superseded", by=None, at=NOW + timedelta(days=1))
    assert judged(paper)[0].case == Case.INTACT
    late = signed(key, at=NOW + timedelta(days=2))

    answer, _vi, en = judged(late)

    assert answer.case == Case.RETIRED_KEY
    assert "retired on 02/09/2026" in en


def test_a_key_that_ended_later_leaves_the_paper_intact(signing_keys, key_folder):
    key = registered("short", key_folder, end=NOW + timedelta(days=2))

    answer, vi, en = judged(signed(key))

    assert answer.case == Case.INTACT
    assert "03/09/2026" in vi
    assert "ended later" in en


def test_a_proven_time_within_the_validity_stays_intact_for_ever(signing_keys, settings):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_LEVEL = "demo", "B-T"
    content = signed(signing_keys["paper"])

    answer, vi, en = judged(content, at=NOW + timedelta(days=365 * 20))

    assert (answer.case, answer.is_proven, answer.level) == (Case.INTACT, True, "B-T")
    assert "dấu thời gian chứng minh" in vi
    assert "a time stamp proves" in en


def test_a_time_stamp_of_an_unknown_authority_proves_nothing(signing_keys, settings, tmp_path):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_LEVEL = "demo", "B-T"
    content = signed(signing_keys["paper"])
    settings.SIGNING_TIME_STAMP_ROOTS = str(tmp_path / "none.pem")

    answer, _vi, en = judged(content)

    assert (answer.case, answer.is_proven, answer.level) == (Case.INTACT, False, "B-B")
    assert "proves nothing" in en


@pytest.mark.parametrize("content", [b"", b"%PDF", b"GIF89a", b"PK\x03\x04" * 100, b"\0" * 5000])
def test_not_a_pdf(signing_keys, content):
    answer, vi, en = judged(content)

    assert answer.case == Case.NOT_A_PDF
    assert "không phải" in vi
    assert "not a PDF" in en


def test_an_encrypted_paper(paper):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))

    answer, vi, en = judged(out.getvalue())

    assert answer.case == Case.ENCRYPTED
    assert "mã hóa" in vi
    assert "encrypted" in en


def test_eleven_megabytes(paper):
    answer, vi, en = judged(paper + b"\n" * 11 * 1024 * 1024)

    assert answer.case == Case.TOO_LARGE
    assert "10 MB" in vi
    assert "10 MB" in en


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_long_term_updates_are_allowed_and_other_updates_after_them_are_not(signing_keys, settings, level):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_LEVEL = "demo", level
    content = signed(signing_keys["paper"])

    answer, _vi, _en = judged(content)

    assert (answer.case, answer.level, answer.covers_whole_file) == (Case.INTACT, level, False)
    assert judged(appended(content, "content"))[0].case == Case.EXTENDED
    assert judged(content + b"x")[0].case == Case.EXTENDED


def test_an_update_before_a_foreign_archive_stamp_is_refused(paper, signing_keys, settings):
    settings.SIGNING_TIME_STAMP = "demo"

    assert judged(pades.archive(appended(paper, "replace"), mark=b"x"))[0].case == Case.EXTENDED


def test_read_in_a_process_of_its_own(paper, signing_keys):
    assert verdict.judge(paper, at=LATER, apart=True).case == Case.INTACT
    assert verdict.judge(paper[:-900], at=LATER, apart=True).case == Case.TRUNCATED
    assert verdict.judge(b"nothing", at=LATER, apart=True).case == Case.NOT_A_PDF


def test_a_reader_that_breaks_down_answers_in_words(paper, signing_keys, monkeypatch):
    monkeypatch.setattr("core.child.run", lambda *_: None)

    answer = verdict.judge(paper, at=LATER, apart=True)

    assert answer.case == Case.NOT_A_PDF
    assert answer.words
