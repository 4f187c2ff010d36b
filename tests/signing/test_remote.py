"""A remote service that signs and drops the answer, answers late, fails, or answers wrongly (fault F30): one request
id is signed at most once, and nothing wrong is taken."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from core.errors import Refused
from signing import actions, demo_keys, statements, trust, verdict
from signing.models import SignatureRequest
from tests.signing.conftest import NOW
from tests.signing.helpers import LATER, signed

State = SignatureRequest.State


class Service(ThreadingHTTPServer):
    """Signs once per id and counts; `faults` are taken one per request, in order."""

    daemon_threads = True
    # The faults below leave connections behind on purpose.
    block_on_close = False

    def __init__(self, key, certificate, other):
        super().__init__(("127.0.0.1", 0), Handler)
        self.key, self.certificate, self.other = key, certificate, other
        self.answers, self.calls, self.faults, self.signatures = {}, [], [], 0
        self.wake = threading.Event()

    def handle_error(self, request, client_address):
        pass


class Handler(BaseHTTPRequestHandler):
    def do_PUT(self):
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(wanted)

    def do_GET(self):
        self.answer(None)

    def answer(self, wanted):
        service, request_id = self.server, self.path.rpartition("/")[2]
        service.calls.append(self.command)
        fault = service.faults.pop(0) if service.faults else ""
        if fault == "dies before signing":
            return self.connection.close()
        if wanted and request_id not in service.answers and fault != "fails before signing":
            service.signatures += 1
            digest = bytes.fromhex(wanted["digest"])
            signature = service.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
            service.answers[request_id] = self.filled(request_id, wanted["digest"], signature, service.certificate)
        if fault == "drops the answer":
            return self.connection.close()
        if fault == "answers late":
            service.wake.wait(5)
        if fault in ("fails before signing", "fails after signing"):
            return self.send(500, b"{}")
        if fault == "still at work":
            return self.send(202, b"")
        if fault == "answers rubbish":
            return self.send(200, b"[" * 2000)
        found = service.answers.get(request_id)
        if found is None:
            return self.send(404, b"")
        if fault == "wrong certificate":
            found = {**found, "certificate": base64.b64encode(trust.der(service.other)).decode()}
        if fault == "wrong signature":
            found = {**found, "signature": base64.b64encode(service.key.sign(b"", ec.ECDSA(hashes.SHA256()))).decode()}
        if fault == "another request":
            found = {**found, "request_id": "other"}
        return self.send(200, json.dumps(found).encode())

    @staticmethod
    def filled(request_id, digest, signature, certificate):
        text = [base64.b64encode(part).decode() for part in (signature, trust.der(certificate))]
        return {"request_id": request_id, "digest": digest, "signature": text[0], "certificate": text[1]}

    def send(self, status, content):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def service(signing_keys, key_folder, settings):
    authority = demo_keys._authority(key_folder, NOW)
    private = demo_keys.new_key()
    own, other = (demo_keys.issue(authority, private, "Từ xa", *demo_keys._times(NOW)) for _ in range(2))
    with Service(private, own, other) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.SIGNING_REMOTE_URL = f"http://127.0.0.1:{running.server_port}"
        settings.SIGNING_REMOTE_SECONDS = 0.5
        yield running
        running.wake.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def key(service):
    from cryptography.hazmat.primitives import serialization

    pem = service.certificate.public_bytes(serialization.Encoding.PEM).decode()
    return actions.register(kid="remote-1", purpose="paper", provider="remote", certificate_pem=pem, by=None, at=NOW)


def state():
    return SignatureRequest.objects.get(request_id="paper-1").state


def is_intact(content):
    return verdict.judge(content, at=LATER).case == "intact"


def test_one_request_one_signature(service, key):
    assert is_intact(signed(key))
    assert (service.calls, state()) == (["PUT"], State.ANSWERED)


def test_the_same_request_again_is_answered_from_the_row(service, key):
    assert signed(key) == signed(key, at=LATER)
    assert service.calls == ["PUT"]


@pytest.mark.parametrize("fault", ["drops the answer", "answers late"])
def test_a_lost_answer_is_asked_for_at_once(service, key, fault):
    service.faults = [fault]

    assert is_intact(signed(key))
    assert (service.calls, service.signatures) == (["PUT", "GET"], 1)


@pytest.mark.parametrize("fault", ["drops the answer", "answers late"])
def test_a_service_that_stays_away_leaves_doubt_and_the_next_try_asks_first(service, key, fault):
    service.faults = [fault, fault]
    with pytest.raises(Refused, match="không trả lời trọn vẹn"):
        signed(key)
    assert state() == State.DOUBTFUL
    before = list(service.calls)

    assert is_intact(signed(key, at=LATER))
    assert (service.calls[len(before) :], service.signatures, state()) == (["GET"], 1, State.ANSWERED)


def test_the_second_try_signs_the_time_of_the_first(service, key):
    service.faults = ["drops the answer"] * 2
    with pytest.raises(Refused):
        signed(key)

    assert verdict.judge(signed(key, at=LATER), at=LATER).signed_at == NOW


@pytest.mark.parametrize("fault", ["fails before signing", "fails after signing", "still at work", "answers rubbish"])
def test_an_error_is_no_answer_and_the_next_try_asks_first(service, key, fault):
    service.faults = [fault]
    with pytest.raises(Refused):
        signed(key)
    assert state() == State.DOUBTFUL

    assert is_intact(signed(key))
    assert service.calls[1] == "GET"
    assert service.calls.count("PUT") == (2 if fault == "fails before signing" else 1)
    assert service.signatures == 1


def test_a_request_that_never_arrived_is_sent_again_only_after_the_service_said_so(service, key):
    service.faults = ["dies before signing", "dies before signing"]
    with pytest.raises(Refused):
        signed(key)

    assert is_intact(signed(key))
    assert service.calls == ["PUT", "GET", "GET", "PUT"]
    assert service.signatures == 1


@pytest.mark.parametrize("fault", ["wrong certificate", "wrong signature", "another request"])
def test_a_wrong_answer_is_refused_for_good(service, key, fault):
    service.faults = [fault]
    with pytest.raises(Refused):
        signed(key)
    assert state() == State.REFUSED

    with pytest.raises(Refused, match="không được chấp nhận"):
        signed(key)
    assert service.calls == ["PUT"]


def test_a_request_id_stands_for_one_paper(service, key):
    from tests.signing.papers import plain_paper

    signed(key)

    with pytest.raises(Refused, match="nội dung khác"):
        signed(key, content=plain_paper(b"Giay khac"))
    assert service.signatures == 1


def test_statements_name_their_own_request(service, key, signing_keys):
    from cryptography.hazmat.primitives import serialization

    pem = service.other.public_bytes(serialization.Encoding.PEM).decode()
    service.certificate = service.other
    credential = actions.register(
        kid="remote-2", purpose="credential", provider="remote", certificate_pem=pem, by=None, at=NOW
    )
    documents = [statements.sign_json({"a": 1}, key=credential, at=NOW) for _ in range(2)]

    assert documents[0] == documents[1]
    assert service.signatures == 1


def test_a_season_of_doubtful_answers_gives_no_double(service, key):
    """200 papers, three of four requests go wrong in one way or another; each is tried until it is signed."""
    from tests.signing.papers import plain_paper

    kinds = ["drops the answer", "fails before signing", "dies before signing", "", "still at work", ""]
    from signing import pades

    for number in range(200):
        for attempt in range(6):
            service.faults = [kinds[(number + attempt) % 6], kinds[(number + 2 * attempt) % 6]]
            try:
                pades.sign(plain_paper(), key=key, signer_name="A", reason="B", at=NOW, request_id=f"p-{number}")
                break
            except Refused:
                continue
        else:
            service.faults = []
            pades.sign(plain_paper(), key=key, signer_name="A", reason="B", at=NOW, request_id=f"p-{number}")

    assert service.signatures == 200
    assert SignatureRequest.objects.filter(state=State.ANSWERED).count() == 200


def test_an_address_without_tls_is_refused_but_on_this_machine(service, key, settings):
    for address in ("", "http://sign.example.org", "ftp://127.0.0.1", "https://"):
        settings.SIGNING_REMOTE_URL = address
        with pytest.raises(Refused, match="chưa cấu hình dịch vụ"):
            signed(key)


def test_a_process_that_dies_before_it_hears_the_answer_asks_first_when_it_is_back(service, key, monkeypatch):
    from signing.providers.remote import RemoteProvider

    whole = RemoteProvider.send

    def send_and_die(self, *arguments):
        whole(self, *arguments)
        raise SystemExit

    monkeypatch.setattr(RemoteProvider, "send", send_and_die)
    with pytest.raises(SystemExit):
        signed(key)
    assert state() == State.SENDING
    monkeypatch.setattr(RemoteProvider, "send", whole)

    assert is_intact(signed(key, at=LATER))
    assert (service.calls, service.signatures) == (["PUT", "GET"], 1)
