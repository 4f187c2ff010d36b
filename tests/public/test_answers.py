"""Was it recognised on that day: what the answer follows, what it adds from today, and where it keeps silent."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from certificates import answers, serial, signed_answers
from certificates.actions import reissue
from certificates.answers import Question
from core.errors import Refused
from products.models import Product
from registry.corrections import Correction, correct_decision
from registry.models import Decision, Recognition, ReportedRecognition
from signing import keys as key_history
from signing import statements
from tests.registry.factories import (
    expire,
    issue,
    make_enterprise,
    make_product,
    no_triggers,
    order,
    recognise,
    today,
    withdraw,
)
from tests.story import Story

pytestmark = pytest.mark.django_db
LAMP, MAKER = "Đèn LED SángTô", "Công ty Chiếu sáng Sông Tô"
YESTERDAY = timedelta(days=1)


@pytest.fixture
def first():
    return recognise(make_product(LAMP, enterprise=make_enterprise(MAKER)))[0]


def say(on=None, **asked):
    return answers.answer(Question(on=on or today(), **asked), today=today())


def document(client, kind, text, on=None):
    query = {"kind": kind, "text": text, "on": f"{on or today():%d/%m/%Y}"}
    return client.get("/xac-minh/hoi/tra-loi.json", query)


def page(client, kind, text, on=None):
    return client.get("/xac-minh/hoi/", {"kind": kind, "text": text, "on": f"{on or today():%d/%m/%Y}"})


def change(recognition: Recognition, kind: str = "correction", *, days_ago: int = 0, **said) -> Recognition:
    """The recognition replaced by a decision so many days ago."""
    new = correct_decision(
        corrects=Decision.objects.get(corrects=None),
        number=f"77{Decision.objects.count()}/QĐ-UBND",
        signed_date=today(),
        signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch",
        reason="Sai tên sản phẩm",
        corrections=[Correction(recognition, kind, **said)],
        by=None,
        at=timezone.now(),
    )[0]
    if days_ago:
        with no_triggers():
            moment = timezone.now() - timedelta(days=days_ago)
            Recognition.ever.filter(pk=recognition.pk).update(replaced_at=moment)
    return new


# --- the chain -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [LAMP, "Đèn LED SángTô II"])
def test_a_corrected_product_is_recognised_under_both_names(client, first, name):
    old = order(first)
    new = issue(change(first, product_name_vi="Đèn LED SángTô II"))

    said = say(product=name)

    assert said.outcome == "recognised"
    assert [one.held.serial for one in said.found] == [new.serial]
    html = page(client, "product", name).text
    assert "Có, ngày đó được công nhận" in html
    assert new.serial in html
    assert old.serial not in html


def test_the_name_of_an_earlier_season_still_finds_the_product(first):
    product = Product.objects.get(pk=first.product.source_id)
    product.name_vi = "Đèn Tô Lịch"
    product.save()
    recognise(product, year=2027)

    for name in (LAMP, "Đèn Tô Lịch"):
        assert say(product=name).outcome == "recognised"


def test_before_the_correction_the_earlier_one_stood_and_the_later_one_is_told(client, keys, first):
    old = issue(first)
    new = order(change(first, product_name_vi="Đèn LED SángTô II"))

    said = document(client, "product", "Đèn LED SángTô II", today() - YESTERDAY).json()

    item = said["recognitions"][0]
    assert (said["recognised"], item["number"], item["product"], item["status"]) == (True, old.serial, LAMP, "valid")
    assert item["today"]["status"] == "replaced"
    successor = item["today"]["replacedBy"]
    assert (successor["number"], successor["product"]) == (new.serial, "Đèn LED SángTô II")
    assert (successor["status"], successor["paperIssuedAt"]) == ("valid", None)


@pytest.mark.parametrize("asked", ["name", "old name", "tax code"])
def test_a_maker_whose_name_was_corrected_is_recognised(first, asked):
    change(first, enterprise_name_vi="Công ty Chiếu sáng Tô Lịch")
    text = {"name": "Công ty Chiếu sáng Tô Lịch", "old name": MAKER, "tax code": first.enterprise.tax_code}[asked]

    assert say(enterprise=text).outcome == "recognised"


def test_a_transfer_ends_for_one_maker_and_begins_for_the_other(first):
    taker = make_enterprise("Công ty Tiếp Nhận")
    new = change(first, "transfer", maker=taker, days_ago=2)
    before, after = today() - timedelta(days=5), today()

    assert say(before, enterprise=MAKER).outcome == "recognised"
    assert say(before, enterprise="Công ty Tiếp Nhận").outcome == "not_yet"
    assert say(after, enterprise="Công ty Tiếp Nhận").outcome == "recognised"
    gone = say(after, enterprise=first.enterprise.tax_code)
    assert gone.outcome == "replaced"
    assert gone.found[0].newest.recognition == new
    assert say(before, product=LAMP).is_recognised
    assert say(after, product=LAMP).is_recognised


def test_a_replaced_number_names_its_successor_and_how_it_stands(client, keys, first):
    old = issue(first)
    newer = change(first, product_name_vi="Đèn LED SángTô II")
    new = issue(newer, b"%PDF new")

    assert say(number=old.serial).outcome == "replaced"
    assert new.serial in page(client, "number", old.serial).text
    withdraw(newer)
    said = document(client, "number", old.serial).json()
    successor = said["recognitions"][0]["today"]["replacedBy"]
    assert (said["outcome"], successor["number"], successor["status"]) == ("replaced", new.serial, "revoked")
    assert successor["revokedDocument"] == "99/QĐ-UBND"
    assert "Đã bị thu hồi ngày" in page(client, "number", old.serial).text


def test_a_paper_issued_anew_is_replaced_while_the_recognition_stands(first):
    old, story = issue(first), Story()
    new = reissue(certificates=[old], reason="Rách", by=story.secretary, at=timezone.now())[0]

    said = say(number=old.serial)

    assert (said.outcome, said.found[0].newest.serial) == ("replaced", new.serial)
    assert say(product=LAMP).is_recognised


# --- today's truth -------------------------------------------------------------------------------------
def test_a_past_day_stays_true_and_the_later_revocation_is_told(client, keys, first):
    serial = issue(first).serial
    withdraw(first)

    for kind, text in (("product", LAMP), ("enterprise", MAKER), ("number", serial)):
        said = document(client, kind, text, today() - YESTERDAY).json()
        item = said["recognitions"][0]
        assert (said["recognised"], item["status"], item["today"]["status"]) == (True, "valid", "revoked")
        assert item["today"]["revokedAt"]
        assert (item["today"]["revokedGround"], item["today"]["revokedDocument"]) == ("false_data", "99/QĐ-UBND")
        html = page(client, kind, text, today() - YESTERDAY).text
        assert "Có, ngày đó được công nhận" in html
        assert "Đã bị thu hồi ngày" in html
        assert "99/QĐ-UBND" in html


def test_a_past_day_of_an_expired_one_says_that_it_ended(client, first):
    expire(first)
    with no_triggers():
        Decision.objects.update(signed_date=today() - timedelta(days=1000))

    html = page(client, "product", LAMP, today() - timedelta(days=100)).text

    assert "Có, ngày đó được công nhận" in html
    assert "Đã hết hiệu lực" in html


def test_a_renewal_after_the_end_leaves_the_gap(first):
    with no_triggers():
        Decision.objects.update(signed_date=today() - timedelta(days=1000))
        begun, ended = today() - timedelta(days=1000), today() - timedelta(days=100)
        Recognition.ever.update(valid_from=begun, valid_to=ended)
    first.refresh_from_db()
    old = order(first)

    new = change(first, "renewal", valid_to=today() + timedelta(days=300))
    number = order(new).serial

    assert (new.valid_from, new.valid_to) == (today(), today() + timedelta(days=300))
    assert say(product=LAMP).outcome == say(number=number).outcome == "recognised"
    for ago, by_name, by_old, by_new in ((99, "lapsed", "lapsed", "not_yet"), (101, *["recognised"] * 2, "not_yet")):
        on = today() - timedelta(days=ago)
        said = [say(on, **asked).outcome for asked in ({"product": LAMP}, {"number": old.serial}, {"number": number})]
        assert said == [by_name, by_old, by_new], ago


def test_a_renewal_before_the_end_goes_on_without_a_gap(first):
    new = change(first, "renewal", valid_to=first.valid_to + timedelta(days=300))

    assert new.valid_from == first.valid_from


def test_a_day_that_has_not_come_gets_no_answer(client, keys, first):
    tomorrow = today() + YESTERDAY

    html = page(client, "product", LAMP, tomorrow)
    refused = document(client, "product", LAMP, tomorrow)

    assert html.status_code == refused.status_code == 400
    assert "Ngày này chưa đến" in html.text
    assert f'value="{LAMP}"' in html.text
    assert f'value="{tomorrow:%d/%m/%Y}"' in html.text
    reasons = refused.json()["errors"]
    assert [(one["parameter"], one["code"]) for one in reasons] == [("on", "future")]
    assert page(client, "product", LAMP).status_code == 200


# --- what the register covers ----------------------------------------------------------------------------
def test_before_its_first_decision_the_register_says_neither_yes_nor_no(client, keys, first):
    before = first.valid_from - YESTERDAY

    for kind, text in (("product", LAMP), ("product", "Không hề có"), ("enterprise", MAKER)):
        said = document(client, kind, text, before).json()
        assert (said["recognised"], said["outcome"]) == (None, "not_covered")
        assert (said["scope"]["from"], said["scope"]["fromSeason"]) == (first.valid_from.isoformat(), 2026)
    html = page(client, "product", "Không hề có", before).text
    assert "chưa có dữ liệu cho ngày đó" in html
    assert "chưa từng ghi nhận" not in html


def test_every_signed_answer_carries_what_it_covers(client, keys, first):
    said = document(client, "product", "Không hề có").json()

    assert said["outcome"] == "never"
    assert "Earlier recognitions were not decided in it" in said["scope"]["words"]["en"]
    assert f"{first.valid_from:%d/%m/%Y}" in said["scope"]["words"]["vi"]
    assert statements.verify_json(said, key_history.published(timezone.now()), timezone.now()) is None
    altered = said | {"scope": {"from": None}}
    assert statements.verify_json(altered, key_history.published(timezone.now()), timezone.now()) == "altered"


def test_an_empty_register_covers_nothing():
    said = say(product="Không hề có")

    assert (said.outcome, said.scope) == ("not_covered", None)
    assert "chưa ghi nhận quyết định nào" in signed_answers.scope_words(None)


@pytest.mark.parametrize(("kind", "text"), [("product", "may ban hang tu dong"), ("enterprise", "TPA ")])
def test_reported_history_is_told_as_reported(client, keys, first, kind, text):
    ReportedRecognition.objects.create(
        period="2019",
        year=2019,
        product_name="Máy bán hàng tự động",
        enterprise_name="TPA",
        source_url="https://example.org/tpa",
    )

    html = page(client, kind, text, date(2019, 12, 1)).text
    said = document(client, kind, text, date(2019, 12, 1)).json()

    assert "Máy bán hàng tự động" in html
    assert 'href="https://example.org/tpa"' in html
    assert [one["period"] for one in said["reported"]] == ["2019"]
    assert said["recognised"] is None
    assert not say(product="Không hề có").reported


@pytest.mark.parametrize("text", ["東京電力会社", "９９０", "Ω Ψ Φ"])
def test_what_has_no_latin_letter_is_nobodys_name(first, text):
    facts = {"period": "2019", "year": 2019, "source_url": "https://example.org/"}
    ReportedRecognition.objects.create(product_name="", enterprise_name="TPA", **facts)
    ReportedRecognition.objects.create(product_name="Máy", enterprise_name="", **facts)

    for asked in ({"product": text}, {"enterprise": text}):
        said = say(**asked)
        assert (said.outcome, said.reported, said.found) == ("never", (), ())


# --- what is typed ---------------------------------------------------------------------------------------
def test_digits_in_a_name_are_no_tax_code(first):
    code = first.enterprise.tax_code

    assert say(enterprise=f"Công ty TNHH Lừa Đảo (MST {code}) – thép xây dựng").outcome == "never"
    for text in (code, f" {code[:4]} {code[4:]} ", f"MST: {code}", f"mst {code[:3]}.{code[3:]}"):
        assert say(enterprise=text).outcome == "recognised", text


@pytest.mark.parametrize(
    ("entered", "typed"),
    [
        ("CTCP Dệt kim Sông Tô", "CTCP  Dệt-kim  Sông Tô."),
        ("CTCP Dệt kim Sông Tô", "C.T.C.P. Dệt kim Sông Tô"),
        ("CTCP Dệt kim Sông Tô", "Công ty cổ phần Dệt Kim SôngTô"),
        ("Công ty TNHH Cơ khí Sông Tô", "CÔNG TY TRÁCH NHIỆM HỮU HẠN CƠ KHÍ SÔNG TÔ"),
        ("Song To Knitwear JSC", "Song To Knitwear Joint Stock Company"),
        ("Song To Fans Co., Ltd", "Song To Fans Company Limited"),
        ("Song To Fans Co., Ltd", "Ｓｏｎｇ Ｔｏ Fans Co Ltd"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(entered, typed):
    recognise(make_product(LAMP, enterprise=make_enterprise(entered)))

    assert say(enterprise=typed).outcome == "recognised"


@pytest.mark.parametrize("typed", ["Công ty TNHH Chiếu sáng Sông Tô", "Chiếu sáng Sông Tô", f"{MAKER} Việt Nam"])
def test_another_form_of_company_is_another_name_and_what_looks_alike_is_told(first, typed):
    said = say(enterprise=typed)

    assert (said.outcome, said.similar) == ("never", (MAKER,))


@pytest.mark.parametrize("typed", ["Đèn LED Sáng Tô", "den led sangto.", "ĐÈN-LED SÁNGTÔ"])
def test_a_product_is_found_however_it_is_spelled(first, typed):
    assert say(product=typed).outcome == "recognised"


def test_a_product_that_looks_alike_is_told(first):
    assert say(product="Đèn LED SángTô III").similar == (LAMP,)


def test_a_tax_code_in_wide_digits_is_a_tax_code(first):
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in first.enterprise.tax_code)

    assert say(enterprise=wide).outcome == "recognised"


@pytest.mark.parametrize(
    "door",
    [
        "/v/{}",
        "/v/{}/pdf",
        "/v/{}/credential.json",
        "/xac-minh/hoi/?kind=number&on=01/06/2026&text={}",
        "/xac-minh/hoi/tra-loi.json?kind=number&on=01/06/2026&text={}",
    ],
)
def test_numbers_tried_one_after_the_other_are_stopped(client, keys, first, monkeypatch, door):
    monkeypatch.setattr("public.client.WRONG_NUMBERS", 3)

    tried = [client.get(door.format(serial.make(2026, 7000 + n))).status_code for n in range(5)]

    assert 429 not in tried[:3]
    assert tried[3:] == [429, 429]


def test_the_branch_of_an_enterprise_is_asked_with_its_own_code():
    assert answers.tax_code_in("0101243150001") == answers.tax_code_in("0101243150-001") == "0101243150-001"
    assert answers.tax_code_in("01012431500") is None


def test_a_mistyped_tax_code_is_no_signed_no(client, keys, first):
    code = first.enterprise.tax_code
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)

    assert page(client, "enterprise", wrong).status_code == 400
    assert document(client, "enterprise", wrong).json()["errors"][0]["code"] == "mistyped"


@pytest.mark.parametrize("text", ["\u0301\u0301\u0301\u0301", "LE", "- . -", "đ\u0300e\u0301"])
def test_a_text_that_says_nothing_is_refused_in_words(client, first, text):
    answer = page(client, "product", text)

    assert answer.status_code == 400
    assert "ít nhất ba chữ cái hoặc chữ số" in answer.text


def test_without_a_key_nothing_is_signed(first):
    with pytest.raises(Refused):
        signed_answers.signed_answer(
            say(product=LAMP), key=key_history.current("credential", timezone.now()), at=timezone.now()
        )


def test_a_post_without_a_boundary_gets_a_page_in_words(client):
    for prefix, words in (("", "Không đọc được yêu cầu"), ("/en", "The request could not be read")):
        address = "/en/verify/" if prefix else "/xac-minh/"
        answer = client.generic("POST", address, b"x", content_type="multipart/form-data")

        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_a_long_chain_is_read_in_few_queries(first, django_assert_max_num_queries):
    for number in range(3):
        change(Recognition.objects.get(), product_name_vi=f"Đèn số {number}")

    with django_assert_max_num_queries(6):
        say(product=LAMP)
