"""Dossiers on paper, as the desk types them in: what its tests have in common."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from core.errors import Refused
from dossiers import actions
from dossiers.actions.scans import attach_scan
from dossiers.models import Dossier
from dossiers.papers import required_on
from enterprises.actions import add_representative
from tests.dossiers.applicant import signed_in, tell_time, words
from tests.dossiers.desk import url

ACTS = {
    "transcribe": {"contact_name": "Kẻ lạ", "name_vi": "Kẻ lạ"},
    "answer_on_paper": {"received_at": "10:00 04/08/2026", "statement": "x"},
    "withdraw_on_paper": {"letter_on": "04/08/2026", "reason": "x"},
}
DESCRIPTION = "Máy biến áp khô cho lưới điện thành phố. " * 4
ASKED = actions.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")
FIGURES_ASKED = actions.Asked("figures", "incomplete", "Thiếu số lao động.")


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def officer(story):
    return signed_in(story.officer)


def fields_of(text: str) -> dict[str, str]:
    """The form as a browser would send it back unchanged."""
    form = re.search(r'<form method="post" novalidate class="typed".*?</form>', text, re.S)[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            found[name[1]] = plain(value[1]) if value else ""
    for name, value in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = plain(value)
    for name, inside in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def plain(text: str) -> str:
    for entity, sign in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def typed() -> dict[str, str]:
    """Everything that a complete paper dossier says, as it is typed in Vietnamese."""
    found = {
        "contact_name": "Lê Thị An",
        "contact_phone": "024 1234 5678",
        "contact_email": "an@giay.test",
        "summary_vi": "Máy biến áp khô.",
        "description": DESCRIPTION,
        "technology": "Dây chuyền tự động.",
        "undertakings_by_name": "Trần Văn Thử",
        "undertakings_on": "01/08/2026",
    }
    for year in (2023, 2024, 2025):
        found |= {
            f"revenue_vnd_billion_{year}": "1.150,5",
            f"export_usd_million_{year}": "2",
            f"workers_{year}": "1.200",
        }
    return found


def type_in(client, dossier, **changes):
    """Open the page, type, press the button."""
    address = url("transcribe", dossier.pk)
    return client.post(address, fields_of(words(client.get(address))) | changes)


def scan(story, dossier, paper, content=None):
    attach_scan(
        dossier=dossier, paper=paper, name=f"{paper}.pdf", content=content or b"%PDF-1.4 scan " + paper.encode(),
        media_type="application/pdf", by=story.officer, at=story.tick(),
    )  # fmt: skip


def all_scans(story, dossier):
    for paper in required_on(dossier.track):
        scan(story, dossier, paper.code)
    for side in (b"left", b"right"):
        scan(story, dossier, "photos", b"%PDF-1.4 " + side)


def asked(story, *defects, dossier=None):
    dossier = dossier or story.on_paper()
    actions.request_supplement(
        dossier=dossier, defects=defects or [ASKED], message="Đề nghị bổ sung.", by=story.officer, at=story.tick()
    )
    return Dossier.objects.get(pk=dossier.pk)


def refused(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def signer(story, dossier, key="signer"):
    person = story.person(key)
    add_representative(enterprise=dossier.enterprise, user=person, by=story.officer, at=story.tick())
    return person


def record_answer(client, dossier, **given):
    return client.post(url("answer_on_paper", dossier.pk), given)


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"
