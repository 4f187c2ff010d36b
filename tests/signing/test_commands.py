"""The commands of the operator, and what the doctor is told."""

import io
import subprocess
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.errors import Refused
from signing import actions, doors, keys, stamping
from signing.models import SignatureRequest, SigningKey
from tests.signing.conftest import NOW
from tests.signing.helpers import new_key


def told(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_demonstration_keys_from_the_command_line(db, settings, tmp_path):
    folder = tmp_path / "keys"
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS = str(folder), str(folder / "roots.pem")
    settings.SIGNING_KEY_PASSWORD = "mật khẩu"

    first, second = (told("make_keys", "--demo", str(folder)) for _ in range(2))

    assert first == second
    assert "paper-demo-1" in first
    assert SigningKey.objects.count() == 2
    assert keys.sign(keys.current("paper", timezone.now()), b"x")
    settings.SIGNING_KEY_PASSWORD = "another"
    with pytest.raises(Refused, match="mật khẩu"):
        keys.sign(keys.current("paper", timezone.now()), b"x")


def test_demonstration_keys_are_not_made_in_production(db, settings, tmp_path):
    settings.SIGNING_ALLOW_DEMO = False

    with pytest.raises(CommandError):
        told("make_keys", "--demo", str(tmp_path))
    with pytest.raises(CommandError):
        told("make_keys")


def test_a_key_is_registered_listed_and_retired(signing_keys, key_folder, tmp_path):
    path = tmp_path / "second.pem"
    path.write_text(new_key("second", key_folder, end=timezone.now() + timedelta(days=300)))

    assert "is registered" in told("signing_keys", "register", "second", "paper", str(path))
    assert "second  paper  file  es256  may sign" in told("signing_keys", "list")
    with pytest.raises(CommandError):
        told("signing_keys", "retire", "second", "--reason", "compromised")
    with pytest.raises(CommandError):
        told("signing_keys", "retire", "second", "--reason", "compromised", "--since", "yesterday")
    assert "is retired" in told(
        "signing_keys", "retire", "second", "--reason", "compromised", "--since", "2026-09-01T00:00+07:00"
    )
    assert "bị lộ" in told("signing_keys", "list")
    with pytest.raises(CommandError):
        told("signing_keys", "retire", "nobody", "--reason", "superseded")
    with pytest.raises(CommandError):
        told("signing_keys", "register", "third", "paper", str(tmp_path / "none.pem"))


def test_the_doctor_hears_of_keys_that_end_and_of_doubt(signing_keys, key_folder):
    assert doors.keys_look() is None
    assert doors.requests_look() is None
    SigningKey.objects.filter(purpose="paper").update(valid_to=timezone.now() + timedelta(days=10))
    assert "successor" in doors.keys_look()
    actions.retire(key=signing_keys["paper"], reason="superseded", by=None, at=NOW)
    assert "ngừng dùng" in doors.keys_look()
    SignatureRequest.objects.create(
        request_id="a", key=signing_keys["paper"], digest="", state="doubtful", made_at=NOW - timedelta(days=100)
    )
    assert "in doubt" in doors.requests_look()


def test_the_doctor_finds_a_key_that_nobody_registered(signing_keys):
    assert doors.history_look() is None
    SigningKey.objects.filter(purpose="paper").update(fingerprint="0" * 64)

    assert "paper-demo-1" in doors.history_look()


def test_a_time_stamp_is_over_these_bytes_by_a_known_authority(signing_keys, settings, tmp_path):
    digest = b"d" * 32
    assert stamping.time_stamp(digest) is None
    settings.SIGNING_TIME_STAMP = "demo"
    token = stamping.time_stamp(digest)

    assert abs(stamping.stamped_at(token, digest) - timezone.now()) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="other_digest"):
        stamping.stamped_at(token, b"e" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        stamping.time_stamp(b"short")
    for rubbish in (b"", b"0" * 50, token[:-5], b"\x30\x80"):
        with pytest.raises(ValueError, match="not_a_token"):
            stamping.stamped_at(rubbish, digest)
    settings.SIGNING_TIME_STAMP_ROOTS = str(tmp_path / "none.pem")
    with pytest.raises(ValueError, match="untrusted"):
        stamping.stamped_at(token, digest)


def test_no_changed_byte_of_a_time_stamp_moves_its_time(signing_keys, settings):
    settings.SIGNING_TIME_STAMP = "demo"
    digest = b"d" * 32
    token = stamping.time_stamp(digest)
    moment = stamping.stamped_at(token, digest)

    for place in range(0, len(token), 7):
        changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        try:
            found = stamping.stamped_at(changed, digest)
        except ValueError:
            continue
        assert found == moment


@pytest.mark.openssl
def test_openssl_verifies_our_time_stamps(signing_keys, settings, tmp_path):
    settings.SIGNING_TIME_STAMP = "demo"
    (tmp_path / "token").write_bytes(stamping.time_stamp(b"d" * 32))

    done = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-digest", (b"d" * 32).hex(), "-token_in", "-in", tmp_path / "token"),
            *("-CAfile", settings.SIGNING_ROOTS),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Verification: OK" in done.stdout + done.stderr, done.stderr


def test_an_authority_over_http(signing_keys, settings):
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Authority(BaseHTTPRequestHandler):
        status = 200
        reply = staticmethod(stamping.answer_as_demo)

        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            content = Authority.reply(request)
            self.send_response(Authority.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    kept = []
    with HTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.SIGNING_TIME_STAMP = f"http://127.0.0.1:{server.server_port}/tsa?kind=a"
        try:
            token = stamping.time_stamp(b"d" * 32)
            assert stamping.stamped_at(token, b"d" * 32)
            kept.append(stamping.answer_as_demo(stamping.query(b"d" * 32)[0]))
            for status, reply in [(500, b"x"), (200, b"x"), (200, kept[0]), (200, b"\x30\x05\x30\x03\x02\x01\x02")]:
                Authority.status, Authority.reply = status, staticmethod(lambda _request, reply=reply: reply)
                with pytest.raises(Refused):
                    stamping.time_stamp(b"d" * 32)
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(Refused, match="không trả lời"):
        stamping.time_stamp(b"d" * 32)
    settings.SIGNING_TIME_STAMP = "file:///x"
    with pytest.raises(Refused):
        stamping.time_stamp(b"d" * 32)
