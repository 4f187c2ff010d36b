"""The script of a citizen: alone with the published files, in a Python of its own."""

import ast
import json
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from ledger import check_log, export, queries
from ledger.models import LogEntry
from signing import keys

SCRIPT = Path(check_log.__file__)


def run(*arguments, path=None):
    """In isolation: nothing of ours can be imported, whatever is installed."""
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    environment = {"PATH": "/usr/bin:/bin" if path is None else path}
    return subprocess.run(
        [python, "-I", str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, env=environment, check=False
    )


@pytest.fixture
def stamped(settings):
    settings.SIGNING_TIME_STAMP = "demo"


@pytest.fixture
def folder(three_days, tmp_path):
    target = tmp_path / "published"
    export.write(target)
    return target


@pytest.fixture
def stamped_folder(signing_key, stamped, request):
    return request.getfixturevalue("folder")


def edit(path, change):
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.openssl
def test_a_published_log_holds(folder):
    done = run(folder)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 daily roots, 2026-08-03 to 2026-08-05" in done.stdout
    assert "no day is missing" in done.stdout
    assert "All 3 roots come out of the" in done.stdout
    assert f"3 signatures (ES256) hold; key {keys.controller()}#demo-1." in done.stdout
    assert done.stdout.endswith("The log holds.\n")


def test_it_speaks_vietnamese(folder):
    done = run(folder, "--vi")

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Nhật ký đúng, không bị sửa.\n")


@pytest.mark.openssl
def test_time_stamps_are_checked_by_openssl(stamped_folder):
    assert (stamped_folder / "time-stamp-roots.pem").exists()
    done = run(stamped_folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[ok] 3 time stamps (RFC 3161) hold." in done.stdout

    def swap(document):
        first, second = document["roots"][:2]
        first["timeStamp"], second["timeStamp"] = second["timeStamp"], first["timeStamp"]

    edit(stamped_folder / "roots.json", swap)
    done = run(stamped_folder)
    assert done.returncode == 1
    assert "The time stamp of 2026-08-03 does not hold." in done.stdout


@pytest.mark.parametrize("garbage", ["x", "AAAA", "MAA=", "not base64!"])
def test_a_stamp_that_is_none_is_told_even_where_nothing_can_check_stamps(stamped_folder, tmp_path, garbage):
    edit(stamped_folder / "roots.json", lambda d: d["roots"][0].update(timeStamp=garbage))
    (stamped_folder / "time-stamp-roots.pem").unlink()

    for path in (None, str(tmp_path)):
        done = run(stamped_folder, path=path)
        assert (done.returncode, done.stderr) == (1, "")
        assert "The time stamp of 2026-08-03 does not hold." in done.stdout


def test_roots_without_a_stamp_between_others_are_named(stamped_folder):
    edit(stamped_folder / "roots.json", lambda d: d["roots"][1].update(timeStamp=None))

    assert "1 roots bear no time stamp: 2026-08-04." in run(stamped_folder).stdout


def test_without_openssl_it_says_what_was_not_checked(stamped_folder, tmp_path):
    done = run(stamped_folder, path=str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Signatures and time stamps were not checked: openssl is not installed." in done.stdout


def test_stamps_of_an_unknown_authority_are_not_called_good(stamped_folder):
    (stamped_folder / "time-stamp-roots.pem").unlink()

    done = run(stamped_folder)

    assert "3 time stamps were not checked" in done.stdout or "openssl is not installed" in done.stdout


def lines_of(folder):
    return (folder / "leaves.txt").read_text().splitlines()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [*lines[:3], "0" * 64, *lines[4:]], "The root of 2026-08-03 does not come out"),
        (lambda lines: [*lines[:15], "0" * 64, *lines[16:]], "Up to 2026-08-03 (entry 14) all is well."),
        (lambda lines: lines[:4] + lines[5:], "The root of 2026-08-03 does not come out"),
        (lambda lines: lines[:-1], "the end was cut off"),
        (lambda lines: [], "0 entries are published"),
        (lambda lines: [lines[0], "no hash", *lines[2:]], "Line 2 of leaves.txt is not a hash."),
        (lambda lines: [lines[0], "ab", *lines[2:]], "Line 2 of leaves.txt is not a hash."),
    ],
)
def test_entries_that_were_altered_removed_or_cut_off_are_told(folder, change, words):
    (folder / "leaves.txt").write_text("".join(f"{line}\n" for line in change(lines_of(folder))))

    done = run(folder)

    assert done.returncode == 1
    assert words in done.stdout
    assert done.stdout.endswith("The log does NOT hold.\n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["roots"][0]["statement"].update(size=3), "The statement of 2026-08-03 was altered"),
        (lambda d: d["roots"][1]["statement"].update(root="0" * 64), "The statement of 2026-08-04 was altered"),
        (lambda d: d["roots"].pop(1), "The root of 2026-08-04 is missing."),
        (lambda d: d["roots"].pop(0), "The root of 2026-08-04 does not name the one before it."),
        (lambda d: d["roots"][2]["statement"].pop("size"), "cannot be read: root number 3 is not written as a root"),
        (lambda d: d["roots"][2]["statement"].update(size=True), "root number 3 is not written as a root"),
        (lambda d: d["roots"][1].update(timeStamp=1), "root number 2 is not written as a root"),
        (lambda d: d["roots"][1].pop("chainHash"), "root number 2 is not written as a root"),
        (lambda d: d.pop("roots"), "cannot be read: it holds no list of roots"),
        (lambda d: d.update(roots={}), "cannot be read: it holds no list of roots"),
        (lambda d: d.update(roots=""), "cannot be read: it holds no list of roots"),
        (lambda d: d.update(roots=[1]), "cannot be read: root number 1 is not written as a root"),
        (lambda d: d.update(roots=[]), "cannot be read: its size is not that of the newest root"),
        (lambda d: d.pop("size"), "cannot be read: its size is not that of the newest root"),
        (lambda d: d["roots"][0]["statement"].update(day="x"), "cannot be read: root number 1 is not written"),
    ],
)
def test_roots_that_were_altered_or_removed_are_told(folder, change, words):
    edit(folder / "roots.json", change)

    done = run(folder)

    assert done.returncode == 1
    assert words in done.stdout
    assert done.stderr == ""


def first_letter(proof, letter):
    proof["proofValue"] = letter + proof["proofValue"][1:]


@pytest.mark.openssl
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["roots"][0]["statement"]["proof"].update(proofValue="z" + "2" * 88), "(altered)"),
        (lambda d: d["roots"][0]["statement"]["proof"].update(created="2026-08-03T00:00:01Z"), "(altered)"),
        (lambda d: d["roots"][0]["statement"]["proof"].update(created="2001-08-03T00:00:01Z"), "(key not valid"),
        (lambda d: d["roots"][0]["statement"]["proof"].update(verificationMethod="did:x#y"), "(unknown key)"),
        (lambda d: d["roots"][0]["statement"]["proof"].update(proofValue="z0OIl"), "(unreadable: "),
        (lambda d: first_letter(d["roots"][0]["statement"]["proof"], "x"), "(unreadable: "),
        (lambda d: first_letter(d["roots"][0]["statement"]["proof"], "z1"), "(unreadable: "),
        (lambda d: d["roots"][0]["statement"].update(proof={}), "(unreadable: "),
    ],
)
def test_a_signature_that_does_not_hold_is_told(folder, change, words):
    edit(folder / "roots.json", change)

    done = run(folder)

    assert done.returncode == 1
    assert f"The signature of 2026-08-03 does not hold {words}" in done.stdout


def test_a_signature_that_was_taken_away_is_told(folder):
    """A later signed root names this one, so it counts."""
    edit(folder / "roots.json", lambda d: d["roots"][1]["statement"].pop("proof"))

    done = run(folder)
    assert (done.returncode, "1 roots are not signed: 2026-08-04." in done.stdout) == (0, True)


def test_where_keys_are_published_the_newest_root_has_to_be_signed(folder, tmp_path):
    edit(folder / "roots.json", lambda d: d["roots"][2]["statement"].pop("proof"))

    for path in (None, str(tmp_path)):
        done = run(folder, path=path)
        assert done.returncode == 1
        assert "The newest root, of 2026-08-05, is not signed, though keys are published" in done.stdout

    edit(folder / "roots.json", lambda d: [one["statement"].pop("proof", None) for one in d["roots"]])
    (folder / "keys.json").write_text("{}")
    assert run(folder).returncode == 0


def test_a_root_that_lost_its_signature_or_stamp_is_not_the_one_that_was_kept(stamped_folder, tmp_path):
    kept = tmp_path / "kept.json"
    shutil.copy(stamped_folder / "roots.json", kept)
    for change in (
        lambda d: d["roots"][0]["statement"].pop("proof"),
        lambda d: d["roots"][0].update(timeStamp=None),
    ):
        shutil.copy(kept, stamped_folder / "roots.json")
        edit(stamped_folder / "roots.json", change)
        done = run(stamped_folder, "--kept", kept)
        assert done.returncode == 1
        assert "The root of 2026-08-03 that you kept bore a signature or a time stamp" in done.stdout


def test_an_emptied_log_is_held_against_what_was_asked(folder, three_days, tmp_path):
    kept, proof = tmp_path / "kept.json", tmp_path / "proof.json"
    entry = lines_of(folder)[6]
    shutil.copy(folder / "roots.json", kept)
    proof.write_text(json.dumps(queries.inclusion(7, three_days[-1]).as_json()))
    (folder / "roots.json").write_text('{"roots": [], "size": 0}')
    assert "entries are published, but no root over them." in run(folder).stdout
    (folder / "leaves.txt").write_text("")

    done = run(folder)
    assert (done.returncode, done.stdout.endswith("Nothing was checked.\n")) == (0, True)
    for asked, words in (
        (("--kept", kept), "The root of 2026-08-03 that you kept is not published any more."),
        (("--entry", entry), "The entry is not in the log."),
        (("--proof", proof), "The root of 2026-08-05 that the proof names is not the published one."),
    ):
        done = run(folder, *asked)
        assert (done.returncode, words in done.stdout) == (1, True), done.stdout


def test_a_kept_file_without_roots_proves_nothing(folder, tmp_path):
    kept = tmp_path / "kept.json"
    for content, words in (
        ('{"roots": [], "size": 0}', "no root is in it"),
        ('{"roots": {}}', "it holds no list of roots"),
    ):
        kept.write_text(content)
        done = run(folder, "--kept", kept)
        assert (done.returncode, words in done.stdout) == (1, True), done.stdout


def test_a_forged_history_does_not_pass_for_the_copy_that_was_kept(folder, tmp_path):
    """Everything was made anew and is whole in itself; only the copy at home tells."""
    kept = tmp_path / "kept.json"
    shutil.copy(folder / "roots.json", kept)
    assert "All 3 roots that you kept are still published" in run(folder, "--kept", kept).stdout

    def forge(document):
        previous = document["roots"][0]["chainHash"]
        del document["roots"][2]
        said = document["roots"][1]["statement"]
        said.pop("proof")
        said |= {name: document["roots"][0]["statement"][name] for name in ("size", "root")} | {"previous": previous}
        document["roots"][1]["chainHash"] = check_log.chain_hash(said)
        document["size"] = said["size"]

    edit(folder / "roots.json", forge)
    (folder / "keys.json").write_text("{}")
    edit(folder / "roots.json", lambda d: d["roots"][0]["statement"].pop("proof"))
    assert run(folder).returncode == 0
    done = run(folder, "--kept", kept)
    assert done.returncode == 1
    assert "The root of 2026-08-04 is not the one that you kept." in done.stdout
    assert "The root of 2026-08-05 that you kept is not published any more." in done.stdout


def test_an_entry_is_found_by_its_hash_and_an_unknown_one_is_not(folder):
    assert "The entry is in the log, number 7." in run(folder, "--entry", lines_of(folder)[6]).stdout
    assert "The entry is in the log, number 7." in run(folder, "--entry", f" {lines_of(folder)[6].upper()}").stdout
    done = run(folder, "--entry", "0" * 64)
    assert (done.returncode, "The entry is not in the log." in done.stdout) == (1, True)


def test_a_proof_is_checked_without_the_entries(folder, three_days, tmp_path):
    (folder / "leaves.txt").unlink()
    path = tmp_path / "proof.json"
    for number in (1, 12, LogEntry.objects.count()):
        proof = queries.inclusion(number, three_days[-1]).as_json()
        path.write_text(json.dumps(proof))
        done = run(folder, "--proof", path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"entry {number} is in the log under the root of 2026-08-05" in done.stdout

    for change, words in (
        ({"number": 3}, "does not lead to the root"),
        ({"number": 0}, "does not lead to the root"),
        ({"entry": "0" * 64}, "does not lead to the root"),
        ({"path": proof["path"][:-1]}, "does not lead to the root"),
        ({"path": []}, "does not lead to the root"),
        ({"path": ["x"]}, "cannot be read"),
        ({"under": proof["under"] | {"madeAt": "x"}}, "is not the published one"),
    ):
        path.write_text(json.dumps(proof | change))
        done = run(folder, "--proof", path)
        assert (done.returncode, words in done.stdout, done.stderr) == (1, True, ""), (change, done.stdout)


def test_an_event_that_somebody_is_shown_is_proven_to_be_the_one(folder, three_days, tmp_path, capsys):
    call_command("open_entry", "9")
    opened = json.loads(capsys.readouterr().out)
    assert opened["event"]["act"] == "test.happened"
    path = tmp_path / "opened.json"
    path.write_text(json.dumps(opened), encoding="utf-8")
    done = run(folder, "--proof", path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The event in the file is the one of entry 9." in done.stdout

    for change in ({"event": opened["event"] | {"actor_name": "ai khác"}}, {"salt": "0" * 32}, {"number": 8}):
        path.write_text(json.dumps(opened | change), encoding="utf-8")
        done = run(folder, "--proof", path)
        assert (done.returncode, "is not the one of entry" in done.stdout) == (1, True), change


def test_only_an_entry_that_a_root_covers_is_opened(three_days, bare):
    for number in ("0", "999"):
        with pytest.raises(CommandError, match="covers the entries 1 to"):
            call_command("open_entry", number)
    bare("DELETE FROM ledger_logentry WHERE seq = 9")
    with pytest.raises(CommandError, match="run verify_audit"):
        call_command("open_entry", "9")
    bare("DELETE FROM ledger_logroot")
    with pytest.raises(CommandError, match="no root yet"):
        call_command("open_entry", "9")


def test_the_address_of_a_plain_file_server_will_do(folder):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = run(f"http://127.0.0.1:{server.server_port}/")
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", ["roots.json", "leaves.txt"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"[" * 100_000, b""])
def test_files_that_are_missing_or_broken_are_told_without_a_traceback(folder, name, content):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)

    done = run(folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("The log does NOT hold.\n")


def test_a_log_without_roots_is_nothing_to_complain_about(db, tmp_path):
    export.write(tmp_path)

    done = run(tmp_path)
    assert (done.returncode, "No root is published yet" in done.stdout) == (0, True)


def test_the_script_is_the_one_that_is_published_and_older_pythons_read_it(folder):
    assert (folder / "check_log.py").read_bytes() == SCRIPT.read_bytes()
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_both_languages_say_the_same_things():
    english, vietnamese = (check_log.Report(vietnamese).words for vietnamese in (False, True))

    assert list(english) == list(vietnamese)
    for name in english:
        assert english[name].count("{") == vietnamese[name].count("{"), name


def test_the_files_say_nothing_of_what_happened(folder):
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        for canary in ("chuyện kín", "test.happened", "somebody", "account.opened", "hệ thống"):
            assert canary not in text, path.name
