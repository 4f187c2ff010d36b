import socket

import pytest
from django.core.management import CommandError, call_command

from core import scanner
from tests.core.clamd import Clamd
from tests.dossiers.corpus import EICAR


@pytest.fixture
def clamd(settings):
    daemon = Clamd()
    settings.CLAMD = daemon.url
    yield daemon
    daemon.close()


def test_without_a_setting_no_scanner_is_connected(settings):
    settings.CLAMD = ""

    assert not scanner.is_connected()


def test_a_clean_file_is_clean_and_arrives_whole(clamd):
    content = bytes(range(256)) * 1000

    assert scanner.scan(content).is_clean
    assert clamd.heard == [content]


def test_the_test_word_is_found_and_named(clamd):
    verdict = scanner.scan(b"before " + EICAR)

    assert not verdict.is_clean
    assert verdict.found == "Eicar-Test-Signature"


def test_a_socket_file_works_like_a_port(settings, tmp_path):
    daemon = Clamd(socket.AF_UNIX, str(tmp_path / "s"))
    settings.CLAMD = daemon.url
    try:
        assert scanner.scan(EICAR).found
    finally:
        daemon.close()


@pytest.mark.parametrize("setting", ["tcp://127.0.0.1:1", "unix:///nowhere/at/all", "http://a", "tcp://", "nonsense"])
def test_a_scanner_that_cannot_be_reached_is_down(settings, setting):
    settings.CLAMD = setting

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"x")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OKAY\0",
        b"OK\0",
        b"UNKNOWN COMMAND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK" + bytes([255]) + b"\0",
        b"x" * 100_000,
    ],
)
def test_words_that_are_not_the_protocols_are_no_verdict(clamd, answer):
    clamd.answer = lambda content: answer

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"x")


def test_a_slow_scanner_is_down_after_the_time(clamd, monkeypatch):
    monkeypatch.setattr(scanner, "WHOLE_SECONDS", 0.2)
    clamd.delay = 1.0

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"x")


def test_a_signature_without_a_name_is_still_found(clamd):
    clamd.answer = lambda content: b"stream:  FOUND\0"

    assert not scanner.scan(b"x").is_clean


@pytest.mark.django_db
def test_the_doctor_says_that_none_is_connected(settings, capsys):
    settings.CLAMD = ""

    call_command("doctor")

    assert "no virus scanner is connected" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_doctor_asks_the_one_that_is_connected(clamd, settings, capsys):
    call_command("doctor")
    assert "ok    virus scanner" in capsys.readouterr().out

    settings.CLAMD = "tcp://127.0.0.1:1"
    with pytest.raises(CommandError, match="virus scanner"):
        call_command("doctor")
