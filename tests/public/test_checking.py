"""Files, questions and credentials: what a stranger can check without asking anybody."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certificates import status_list
from certificates.models import Certificate
from core import files
from registry.corrections import Correction, correct_decision
from registry.models import Decision, Recognition
from signing import keys as key_history
from signing import statements, tokens
from tests.registry.factories import expire, issue, make_enterprise, make_product, order, recognise, today, withdraw

VERIFY = "/xac-minh/"


def published_keys():
    return key_history.published(timezone.now())


@pytest.fixture
def issued(story, keys):
    """A season with one product, its papers drafted, approved and signed by the real way."""
    story.recognised(1)
    story.now = timezone.now()
    story.issued()
    return Certificate.objects.select_related("recognition").get(kind="product")


def send(client, content: bytes, name: str = "giay.pdf"):
    return client.post(VERIFY, {"file": SimpleUploadedFile(name, content, "application/pdf")})


# --- a file --------------------------------------------------------------------------------------------
@pytest.mark.pdf
def test_the_issued_file_is_genuine_and_one_changed_byte_is_not(client, issued):
    content = files.read(issued.file_id)

    page = send(client, content)
    assert "Tệp thật, không bị sửa và còn hiệu lực" in page.text
    assert issued.serial in page.text

    harmed = bytearray(content)
    harmed[len(content) // 3] ^= 1
    page = send(client, bytes(harmed))
    assert "Không nên tin tệp này" in page.text
    assert "Tệp thật" not in page.text

    unsigned = send(client, files.read(issued.draft_id))
    assert "Chưa thể kết luận về tệp này" in unsigned.text


@pytest.mark.pdf
def test_a_genuine_file_of_a_revoked_recognition_says_both(client, issued):
    withdraw(issued.recognition)

    page = send(client, files.read(issued.file_id))

    assert "Tệp thật, không bị sửa, nhưng không còn hiệu lực" in page.text
    assert "hu hồi" in page.text


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "Hãy chọn tệp PDF"), (b"x" * (10 * 1024 * 1024 + 1), "10 MB")]
)
def test_a_file_that_cannot_be_one_is_refused_in_words(client, db, content, sentence):
    answer = send(client, content)

    assert answer.status_code == 400
    assert sentence in answer.text


def test_whoever_sends_many_files_waits(client, db):
    answers = [send(client, b"no pdf").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


# --- a question ----------------------------------------------------------------------------------------
def ask(client, kind: str, text: str, on=None, suffix: str = ""):
    day = on or today()
    return client.get(f"{VERIFY}hoi/{suffix}", {"kind": kind, "text": text, "on": f"{day:%d/%m/%Y}"})


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Đèn LED SángTô", "den led sangto", "  ĐÈN  LED sángtô"])
def test_a_recognised_product_is_found_however_it_is_typed(client, text):
    recognise(make_product())

    assert "Có, ngày đó được công nhận" in ask(client, "product", text).text


@pytest.mark.django_db
def test_the_answer_depends_on_the_day(client):
    recognition = recognise(make_product())[0]
    withdraw(recognition)

    assert "Không: công nhận đã bị thu hồi" in ask(client, "product", "Đèn LED SángTô").text
    before = today() - timedelta(days=3)
    assert "Có, ngày đó được công nhận" in ask(client, "product", "Đèn LED SángTô", before).text


@pytest.mark.django_db
def test_an_expired_one_and_one_never_recognised_are_told_apart(client):
    recognition = recognise(make_product())[0]
    expire(recognition)

    assert "Không: công nhận đã hết hiệu lực" in ask(client, "product", "Đèn LED SángTô").text
    never = ask(client, "product", "LED")
    assert "chưa từng ghi nhận công nhận" in never.text
    assert "Tên gần giống" in never.text


@pytest.mark.django_db
def test_an_enterprise_is_found_by_name_and_tax_code(client):
    product = make_product(enterprise=make_enterprise())
    recognise(product)

    for text in ("Công ty Cổ phần Chiếu sáng Sông Tô", product.enterprise.tax_code):
        assert "Có, ngày đó được công nhận" in ask(client, "enterprise", text).text


@pytest.mark.django_db
def test_a_number_is_judged_and_a_mistyped_one_is_not_a_no(client):
    certificate = order(recognise(make_product())[0])

    assert "Có, ngày đó được công nhận" in ask(client, "number", certificate.serial).text
    assert "Số giấy bị gõ sai" in ask(client, "number", certificate.serial[:-1] + "*").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "kind=",
        "kind=product&text=x&on=1/1/2026",
        "kind=who&text=abc&on=01/01/2026",
        "kind=product&text=abc&on=32/01/2026",
    ],
)
def test_a_question_that_is_not_whole_comes_back(client, query):
    answer = client.get(f"{VERIFY}hoi/?{query}")

    assert answer.status_code == 400
    assert 'name="text"' in answer.text


def test_a_signed_no_verifies_and_a_changed_one_fails(client, keys):
    recognise(make_product())
    answer = ask(client, "product", "Không hề có", suffix="tra-loi.json")
    said = json.loads(answer.content)

    assert (said["recognised"], said["outcome"]) == (False, "never")
    assert statements.verify_json(said, published_keys(), timezone.now()) is None
    assert statements.verify_json(said | {"recognised": True}, published_keys(), timezone.now()) == "altered"


@pytest.mark.django_db
def test_without_a_key_the_page_answers_and_the_file_says_why_not(client):
    answer = ask(client, "product", "Không hề có", suffix="tra-loi.json")

    assert answer.status_code == 503
    assert "Hiện chưa trả lời được" in answer.text


# --- what machines read ----------------------------------------------------------------------------------
@pytest.mark.pdf
def test_credential_token_and_list_agree_and_a_revocation_sets_one_bit(client, issued):
    document = client.get(f"/v/{issued.serial}/credential.json").json()
    assert statements.verify_json(document, published_keys(), timezone.now()) is None
    assert document["serial"] == issued.serial
    place = int(document["credentialStatus"]["statusListIndex"])
    claims = tokens.open_token(issued.token, client.get("/.well-known/did.json").json())
    assert (claims[-1], claims[-6]) == (issued.serial, place)

    listed = client.get("/credentials/status/1").json()
    assert statements.verify_json(listed, published_keys(), timezone.now()) is None
    assert not status_list.is_set(listed["credentialSubject"]["encodedList"], place)

    withdraw(issued.recognition)
    encoded = status_list.encode(status_list.revoked_places())
    assert status_list.is_set(encoded, place)
    other = Certificate.objects.exclude(pk=issued.pk).get()
    assert sum(status_list.is_set(encoded, n) for n in range(status_list.PLACES)) == other.status_entries.count() + 1


def test_a_list_reads_back_bit_by_bit():
    encoded = status_list.encode([0, 7, 8, 131_071])

    assert [n for n in range(status_list.PLACES) if status_list.is_set(encoded, n)] == [0, 7, 8, 131_071]
    with pytest.raises(ValueError, match="outside"):
        status_list.is_set(encoded, status_list.PLACES)


@pytest.mark.django_db
def test_a_draft_is_no_ones_credential(client):
    certificate = order(recognise(make_product())[0])

    assert client.get(f"/v/{certificate.serial}/credential.json").status_code == 404
    assert client.get("/credentials/status/2").status_code == 404
    assert client.get("/credentials/achievements/2026-product").status_code == 404
    assert "seasonYear" in client.get("/credentials/terms").text


# --- the chain ---------------------------------------------------------------------------------------------
def corrected(recognition: Recognition, **said) -> Recognition:
    return correct_decision(
        corrects=Decision.objects.get(corrects=None),
        number="77/QĐ-UBND",
        signed_date=today(),
        signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch",
        reason="Sai tên sản phẩm",
        corrections=[Correction(recognition, said.pop("change", "correction"), **said)],
        by=None,
        at=timezone.now(),
    )[0]


@pytest.mark.django_db
def test_an_old_code_leads_to_todays_truth_with_the_history(client):
    old = issue(recognise(make_product())[0])
    new = issue(corrected(old.recognition, product_name_vi="Đèn LED SángTô II"), b"%PDF new")

    page = client.get(f"/v/{old.serial}").content.decode()
    assert "Đã được thay thế</h1>" in page
    assert f'href="/v/{new.serial}"' in page
    assert "Sai tên sản phẩm" in page
    assert "Đính chính" in page
    page = client.get(f"/v/{new.serial}").content.decode()
    assert "Còn hiệu lực</h1>" in page
    assert "Đèn LED SángTô II" in page
    assert old.serial in page

    withdraw(new.recognition)
    assert "Đã bị thu hồi" in client.get(f"/v/{old.serial}").content.decode()
    assert new.snapshot["replaces"] == old.serial


@pytest.mark.django_db
def test_a_transfer_moves_the_product_and_keeps_what_was_decided(client):
    first = recognise(make_product())[0]
    taker = make_enterprise("Công ty Tiếp Nhận")

    second = corrected(first, change="transfer", maker=taker)

    assert second.enterprise_name_vi == "Công ty Tiếp Nhận"
    first.refresh_from_db()
    assert first.enterprise_name_vi != second.enterprise_name_vi
    assert second.product.enterprise.tax_code == taker.tax_code
    assert (first.status(), second.status()) == ("replaced", "valid")
    assert list(Recognition.objects.all()) == [second]
    assert "Công ty Tiếp Nhận" in client.get("/san-pham/").content.decode()


@pytest.mark.django_db
def test_a_renewal_ends_later_and_never_earlier():
    from core.errors import Refused

    first = recognise(make_product())[0]
    with pytest.raises(Refused):
        corrected(first, change="renewal", valid_to=first.valid_to)

    second = corrected(first, change="renewal", valid_to=first.valid_to + timedelta(days=365))

    assert second.valid_to == first.valid_to + timedelta(days=365)
    assert second.in_force(first.valid_to + timedelta(days=1))
    with pytest.raises(Refused):
        corrected(first, change="correction", product_name_vi="x")  # only the newest changes


@pytest.mark.django_db
def test_what_is_decided_cannot_be_rewritten_by_sql():
    from django.db import IntegrityError, transaction

    recognition = recognise(make_product())[0]
    for change in ({"product_name_vi": "x"}, {"valid_to": today() + timedelta(days=9999)}, {"is_top10": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recognition.objects.filter(pk=recognition.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(number="1/QĐ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.all()._raw_delete("default")
