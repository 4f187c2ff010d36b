"""What the machine is asked, and what is said when something is missing."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.environment import Addresses, cache_beside
from embedded.machine import require_free_port, wanted_port
from embedded.refusal import Refusal
from embedded.state import PROJECT, State, short_socket_folder


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_refused_with_a_free_one(taken_port: int) -> None:
    with pytest.raises(Refusal, match=rf"^Port {taken_port} is taken; start on another one: PORT=\d+ make run$"):
        require_free_port(taken_port)


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Refusal, match="PORT=8001 make run"):
        wanted_port()


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/1"),
        ("redis://:word@localhost", "redis://:word@localhost/1"),
        ("rediss://localhost/0?ssl_cert_reqs=required&db=0", "rediss://localhost/1?ssl_cert_reqs=required"),
        ("redis+socket:///run/a%20b.sock?virtual_host=0", "unix:///run/a%20b.sock?db=1"),
    ],
)
def test_the_cache_lies_beside_a_named_broker(broker: str, cache: str) -> None:
    assert cache_beside(broker) == cache


def test_the_addresses_are_those_the_settings_read() -> None:
    places = Addresses(database="d", broker="b", cache="c")
    assert places.as_environment() == {"DATABASE_URL": "d", "REDIS_URL": "b", "KIP_CACHE_URL": "c"}


def test_the_secret_key_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIP_STATE", str(tmp_path / "state"))
    key = State.of_checkout().secret_key()
    assert len(key) >= 50
    assert State.of_checkout().secret_key() == key
    assert (tmp_path / "state" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_one_supervisor_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIP_STATE", str(tmp_path / "state"))
    first = State.of_checkout()
    State.refuse_if_running()
    first.lock("http://localhost:8000/")
    with pytest.raises(Refusal, match="already running: http://localhost:8000/"):
        State.of_checkout().lock("http://localhost:8001/")
    with pytest.raises(Refusal, match="already running"):
        State.refuse_if_running()


def test_a_deep_checkout_has_its_sockets_elsewhere() -> None:
    near = Path("/srv/kip/.var/postgresql/s")
    assert short_socket_folder(near) == near
    assert len(str(short_socket_folder(Path("/srv") / ("deep" * 30)))) < 80


def pytest_with_a_browser_test(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_page.py").write_text(
        "import pytest\n@pytest.mark.browser\ndef test_page(): raise AssertionError\ndef test_other(): pass\n"
    )
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:django",
            "-p",
            "embedded.pytest_plugin",
            str(folder),
        ],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "KIP_CHROMIUM": "no-such-browser",
            "CI": "",
            **settings,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_browser_tests_without_a_browser_are_left_out_loudly(tmp_path: Path) -> None:
    outcome = pytest_with_a_browser_test(tmp_path)
    assert outcome.returncode == 0, outcome.stdout
    assert "LEFT OUT" in outcome.stdout
    assert "1 tests marked `browser` cannot run on this machine" in outcome.stdout
    assert outcome.stdout.splitlines()[-1].startswith("1 passed, 1 deselected")


def test_in_continuous_integration_a_missing_browser_is_an_error(tmp_path: Path) -> None:
    outcome = pytest_with_a_browser_test(tmp_path, CI="true")
    assert outcome.returncode != 0
    assert "sudo apt-get install --no-install-recommends chromium" in outcome.stdout + outcome.stderr
