"""JSON statements and QR tokens: signed, checked against the published key history, changed, dated, retired."""

import copy
from datetime import UTC, datetime, timedelta

import cbor2
import pytest

from core.models import AuditEvent
from signing import actions, keys, multibase, statements, tokens
from tests.signing.conftest import NOW

DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:0190b5a8",
    "credentialSubject": {
        "product": "Biến áp khô 22 kV",
        "rank": 3,
        "top10": True,
        "note": None,
        "years": [2024, 2026],
    },
}
# Numbered claims of the size that a certificate's token has.
CLAIMS = {
    1: "kip.hanoi.gov.vn",
    2: "KIP-2026-0042-7X",
    6: int(NOW.timestamp()),
    4: int((NOW + timedelta(days=730)).timestamp()),
    -70001: "Biến áp khô 22 kV loại nhỏ",
    -70002: "Công ty cổ phần Thiết bị điện Sông Hồng",
    -70003: "1234/QĐ-UBND",
    -70004: 2026,
}


def signed(signing_keys, at=NOW):
    return statements.sign_json(DOCUMENT, key=signing_keys["credential"], at=at)


def verdict(document, at=NOW, **changes):
    history = keys.published(NOW)
    history["verificationMethod"][0].update(changes)
    return statements.verify_json(document, history, at)


def test_a_statement_holds_and_reads_as_before(signing_keys):
    document = signed(signing_keys)

    assert verdict(document) is None
    assert {name: value for name, value in document.items() if name != "proof"} == DOCUMENT
    assert document["proof"]["cryptosuite"] == "ecdsa-jcs-2019"
    assert len(multibase.decode(document["proof"]["proofValue"])) == 64


def test_signing_again_replaces_the_proof(signing_keys):
    again = statements.sign_json(signed(signing_keys), key=signing_keys["credential"], at=NOW)

    assert verdict(again) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["credentialSubject"].update(product="Biến áp khô 35 kV"),
        lambda d: d["credentialSubject"].update(rank=1),
        lambda d: d["credentialSubject"].update(note=""),
        lambda d: d["credentialSubject"]["years"].reverse(),
        lambda d: d.update(extra=1),
        lambda d: d.pop("id"),
        lambda d: d["proof"].update(created="2026-08-01T03:00:00Z"),
        lambda d: d["proof"].update(extra=1),
        lambda d: d["proof"].update({"@context": []}),
        lambda d: d["proof"].update(proofValue="z" + "2" * 87),
    ],
)
def test_a_changed_statement_is_altered(signing_keys, change):
    document = copy.deepcopy(signed(signing_keys))
    change(document)

    assert verdict(document) in ("altered", "not_canonical")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("proof"), "no_proof"),
        (lambda d: d["proof"].update(cryptosuite="eddsa-jcs-2022"), "unknown_suite"),
        (lambda d: d["proof"].update(proofPurpose="authentication"), "wrong_purpose"),
        (lambda d: d["proof"].update(verificationMethod="did:web:elsewhere#demo-1"), "unknown_key"),
        (lambda d: d["proof"].update(verificationMethod=["demo-1"]), "unknown_key"),
        (lambda d: d["proof"].update(proofValue="mabc"), "not_canonical"),
        (lambda d: d["proof"].pop("proofValue"), "not_canonical"),
        (lambda d: d["credentialSubject"].update(rank=1.5), "not_canonical"),
    ],
)
def test_each_fault_of_a_proof_has_its_code(signing_keys, change, reason):
    document = copy.deepcopy(signed(signing_keys))
    change(document)

    assert verdict(document) == reason


@pytest.mark.parametrize("document", [None, [], "text", 3, {"proof": []}, {"proof": {"type": {}}}])
def test_no_kind_of_json_raises(signing_keys, document):
    assert verdict(document) in ("no_proof", "unknown_suite")


def test_time_and_history_of_the_key_count(signing_keys):
    document = signed(signing_keys)
    hour = timedelta(hours=1)

    assert verdict(document, at=NOW - hour) == "from_the_future"
    assert verdict(document, validFrom=keys.iso(NOW + hour)) == "before_key"
    assert verdict(document, expires=keys.iso(NOW - hour)) == "after_key"
    assert verdict(document, revoked=keys.iso(NOW - hour), revokedReason="superseded") == "key_retired"
    assert verdict(document, revoked=keys.iso(NOW + hour), revokedReason="superseded") is None
    compromised = {"revoked": keys.iso(NOW + hour), "revokedReason": "compromised"}
    assert verdict(document, **compromised, compromisedAt=keys.iso(NOW - hour)) == "key_compromised"
    assert verdict(document, **compromised, compromisedAt=keys.iso(NOW + hour)) is None


def test_the_paper_key_proves_no_statement(signing_keys):
    document = statements.sign_json(DOCUMENT, key=signing_keys["paper"], at=NOW)

    assert verdict(document) == "unknown_key"


def test_the_published_history_is_plain_json_with_public_keys_only(signing_keys):
    history = keys.published(NOW)
    actions.retire(
        key=signing_keys["credential"], reason="compromised", compromised_at=NOW, by=None, at=NOW + timedelta(days=1)
    )
    later = keys.published(NOW + timedelta(days=2))

    assert history["id"].startswith("did:web:")
    method = history["verificationMethod"][0]
    assert set(method["publicKeyJwk"]) == {"kty", "crv", "x", "y"}
    assert history["assertionMethod"] == [method["id"]]
    assert history["paperCertificates"][0]["sha256"] == signing_keys["paper"].fingerprint
    assert "PRIVATE" not in str(history)
    assert later["verificationMethod"][0]["compromisedAt"] == keys.iso(NOW)


def test_registering_and_retiring_are_events(signing_keys):
    actions.retire(key=signing_keys["paper"], reason="superseded", by=None, at=NOW)

    acts = list(AuditEvent.objects.order_by("seq").values_list("act", "object_name"))
    assert ("signing_key.registered", "paper-demo-1") in acts
    assert acts[-1] == ("signing_key.retired", "paper-demo-1")


def test_a_token_opens_with_its_claims(signing_keys):
    text = tokens.seal(CLAIMS, key=signing_keys["credential"])

    assert tokens.open_token(text, keys.published(NOW)) == CLAIMS
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_a_token_adds_less_than_ninety_bytes_to_its_claims(signing_keys):
    text = tokens.seal(CLAIMS, key=signing_keys["credential"])
    claims = len(cbor2.dumps(CLAIMS, canonical=True))

    assert len(multibase.from_base32(text)) - claims < 90
    assert len(text) <= 2 * claims + 140


def test_one_changed_letter_at_any_place_fails(signing_keys):
    history = keys.published(NOW)
    text = tokens.seal(CLAIMS, key=signing_keys["credential"])

    for place, letter in enumerate(text):
        for other in {"A", "Z", "7", chr(ord(letter) ^ 1), letter.lower(), "0"} - {letter}:
            changed = text[:place] + other + text[place + 1 :]
            with pytest.raises(ValueError, match=r"altered|not_a_token|unknown_key"):
                tokens.open_token(changed, history)


def test_the_other_form_of_a_signature_is_refused(signing_keys):
    text = tokens.seal(CLAIMS, key=signing_keys["credential"])
    token = cbor2.loads(multibase.from_base32(text))
    protected, unprotected, payload, signature = token.value
    mirrored = signature[:32] + (statements.ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    twin = cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, payload, mirrored]), canonical=True)
    loose = cbor2.dumps(cbor2.CBORTag(18, [protected, {1: 1}, payload, signature]), canonical=True)

    with pytest.raises(ValueError, match="altered"):
        tokens.open_token(multibase.base32(twin), keys.published(NOW))
    with pytest.raises(ValueError, match="not_a_token"):
        tokens.open_token(multibase.base32(loose), keys.published(NOW))


@pytest.mark.parametrize("text", ["", "A", "MZXW6", "2" * 5000, "Biến áp", "6" * 64, "TZ" * 200])
def test_what_is_no_token_says_so(signing_keys, text):
    with pytest.raises(ValueError, match="not_a_token"):
        tokens.open_token(text, keys.published(NOW))


def test_a_token_of_a_compromised_key_fails_from_that_time_on(signing_keys):
    key = signing_keys["credential"]
    old = {**CLAIMS, 6: int((NOW - timedelta(days=10)).timestamp())}
    undated = {name: value for name, value in CLAIMS.items() if name != 6}
    texts = [tokens.seal(claims, key=key) for claims in (old, CLAIMS)]
    for claims in (
        undated,
        {**CLAIMS, 6: -5},
        {**CLAIMS, 6: 253_402_300_800},
        {**CLAIMS, 6: "x"},
        {**CLAIMS, 6: True},
    ):
        with pytest.raises(ValueError, match="bad_time"):
            tokens.open_token(tokens.seal(claims, key=key), keys.published(NOW))
    since = NOW - timedelta(days=1)
    actions.retire(key=key, reason="compromised", compromised_at=since, by=None, at=NOW)
    history = keys.published(NOW)

    assert tokens.open_token(texts[0], history) == old
    for text in texts[1:]:
        with pytest.raises(ValueError, match="key_compromised"):
            tokens.open_token(text, history)


def test_moments_have_one_form():
    assert statements.moment("2026-09-01T03:00:00Z") == datetime(2026, 9, 1, 3, tzinfo=UTC)
    for text in (None, 5, "2026-09-01", "2026-09-01T03:00:00+07:00", "2026-09-01T03:00:00.5Z", "2026-9-1T3:0:0Z"):
        assert statements.moment(text) is None
