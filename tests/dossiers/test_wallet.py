"""A paper given once serves all products and seasons of its enterprise, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers import actions, wallet
from dossiers.models import Document, Scan
from enterprises.models import Representative
from tests.dossiers.applicant import signed_in, tell_time, url, words
from tests.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def attach(story, dossier, paper="quality_certificates", name="iso.pdf", by="clerk", **details):
    document = actions.attach(
        dossier=dossier,
        paper=paper,
        name=name,
        content=b"%PDF-1.4 " + name.encode(),
        media_type="application/pdf",
        by=story.person(by),
        at=story.tick(),
    )
    if details:
        document = actions.describe_document(document=document, by=story.person(by), at=story.tick(), **details)
    return document


def day(story, **step):
    return timezone.localdate(story.now) + timedelta(**step)


def take(story, dossier, document, who="clerk"):
    return signed_in(story.person(who)).post(url("take_over", dossier), {"document": str(document.pk)})


def test_one_press_takes_a_paper_over_with_its_facts_and_origin(story):
    first = story.submitted()
    source = first.documents.get(paper="quality_certificates")
    Document.objects.filter(pk=source.pk).update(
        issuer="QUACERT", reference="HT 1", issued_on=day(story, days=-9), valid_until=day(story, days=300)
    )
    second = story.draft()
    page = words(signed_in(story.person("clerk")).get(url("papers", second)))
    assert url("take_over", second) in page
    assert first.number in page

    assert take(story, second, source).status_code == 302

    taken = second.documents.get()
    assert (taken.file_id, taken.taken_from_id, taken.issuer) == (source.file_id, source.pk, "QUACERT")
    assert taken.valid_until == day(story, days=300)
    page = words(signed_in(story.person("clerk")).get(url("papers", second)))
    assert first.number in page
    assert "quality_certificates" not in [
        e.document.paper for e in wallet.offers_for(second, day(story)).get("quality_certificates", [])
    ]


def test_taken_over_twice_is_one_document_and_a_chain_keeps_its_first_origin(story):
    one, two, three = story.draft(), story.draft(), story.draft()
    source = attach(story, one)
    take(story, two, source)
    take(story, two, source)
    middle = two.documents.get()
    take(story, three, middle)

    assert three.documents.get().taken_from_id == source.pk


def test_a_paper_of_last_season_is_offered_in_this_one(story, monkeypatch):
    past = Story(year=2025)
    past.people = story.people
    old = attach(past, past.draft(), by="clerk")
    story.now, story.count = past.now, past.count
    season = story.season()
    story.receive(story.now - timedelta(days=1), story.now + timedelta(days=30))
    season.refresh_from_db()
    dossier = actions.start(
        season=season, product=story.product(), track="standard", by=story.person("clerk"), at=story.tick()
    )

    offers = wallet.offers_for(dossier, day(story))
    assert [e.document.pk for e in offers["quality_certificates"]] == [old.pk]
    assert take(story, dossier, old).status_code == 302


def test_papers_of_one_seasons_years_stay_in_their_season(story):
    past = Story(year=2025)
    past.people = story.people
    draft, twin = past.draft(), past.draft()
    statements = attach(past, draft, "financial_statements", "bctc.pdf")
    tax = attach(past, draft, "tax_confirmation", "thue.pdf")
    story.now, story.count = past.now, past.count
    season = story.season()
    story.receive(story.now - timedelta(days=1), story.now + timedelta(days=30))
    season.refresh_from_db()
    dossier = actions.start(
        season=season, product=story.product(), track="standard", by=story.person("clerk"), at=story.tick()
    )

    assert wallet.offers_for(dossier, day(story)) == {}
    assert take(story, dossier, statements).status_code == 409
    assert set(wallet.offers_for(twin, day(story))) == {"financial_statements", "tax_confirmation"}
    assert take(story, twin, tax).status_code == 302


def test_an_expired_paper_is_shown_as_such_and_not_taken_over(story):
    one, two = story.draft(), story.draft()
    source = attach(story, one, valid_until=day(story, days=-1))

    page = words(signed_in(story.person("clerk")).get(url("papers", two)))

    assert "iso.pdf" in page
    assert "Hết hạn ngày" in page
    assert url("take_over", two) not in page
    assert take(story, two, source).status_code == 409
    assert not two.documents.exists()


def test_a_paper_holds_through_its_last_day(story):
    one, two = story.draft(), story.draft()
    source = attach(story, one, valid_until=day(story))

    assert take(story, two, source).status_code == 302


@pytest.mark.parametrize("paper", ["application_form", "product_description", "photos", "export_papers"])
def test_papers_of_one_product_are_not_offered(story, paper):
    one, two = story.draft(track="handicraft"), story.draft(track="handicraft")
    source = attach(story, one, paper)

    assert wallet.offers_for(two, day(story)) == {}
    assert take(story, two, source).status_code == 409
    assert not two.documents.exists()


def test_removed_and_locked_papers_are_not_taken_over(story):
    one, two = story.draft(), story.draft()
    removed, locked = attach(story, one, name="a.pdf"), attach(story, one, name="b.pdf")
    actions.remove_document(document=removed, by=story.person("clerk"), at=story.tick())
    Document.objects.filter(pk=locked.pk).update(scan=Scan.INFECTED)

    assert wallet.offers_for(two, day(story)) == {}
    assert take(story, two, removed).status_code == 404
    assert take(story, two, locked).status_code == 409
    assert not two.documents.exists()


def test_a_consultant_of_two_enterprises_carries_nothing_across(story):
    one = story.draft("clerk-a")
    other = story.draft("clerk-b")
    source = attach(story, one, by="clerk-a")
    consultant = story.person("consultant")
    for dossier in (one, other):
        Representative.objects.create(
            user=consultant,
            enterprise=dossier.enterprise,
            role="fills_in",
            is_consultant=True,
            since=story.tick(),
        )

    client = signed_in(consultant)
    assert client.get(url("document", pk=source.pk)).status_code == 200
    assert "iso.pdf" not in words(client.get(url("papers", other)))
    assert take(story, other, source, "consultant").status_code == 404
    assert not other.documents.exists()
    assert "iso.pdf" in words(client.get(url("wallet", pk=one.enterprise_id)))
    assert "iso.pdf" not in words(client.get(url("wallet", pk=other.enterprise_id)))


def test_the_action_itself_does_not_cross(story):
    from django.http import Http404

    source = attach(story, story.draft("clerk-a"), by="clerk-a")
    other = story.draft("clerk-b")

    with pytest.raises(Http404):
        actions.take_over(dossier=other, source=source, by=story.person("clerk-b"), at=story.tick())


def test_who_reads_for_the_enterprise_sees_the_wallet_and_takes_nothing(story):
    one, two = story.draft(), story.draft()
    source = attach(story, one)
    reader = story.person("reader")
    Representative.objects.create(user=reader, enterprise=one.enterprise, role="reads", since=story.tick())

    assert "iso.pdf" in words(signed_in(reader).get(url("wallet", pk=one.enterprise_id)))
    assert take(story, two, source, "reader").status_code == 409
    assert not two.documents.exists()


@pytest.mark.parametrize("who", ["officer", "secretary", "it_officer", "stranger"])
def test_the_wallet_is_the_enterprises_own(story, who):
    dossier = story.submitted()
    user = story.person(who, None if who == "stranger" else who)

    assert signed_in(user).get(url("wallet", pk=dossier.enterprise_id)).status_code == 404


def test_the_wallet_shows_validity_origin_and_use(story):
    one, two = story.draft(), story.draft()
    attach(story, one, name="old.pdf", valid_until=day(story, days=-1))
    attach(story, one, name="soon.pdf", valid_until=day(story, days=30), issuer="QUACERT")
    later = attach(story, one, name="later.pdf", valid_until=day(story, days=900))
    take(story, two, later)

    page = words(signed_in(story.person("clerk")).get(url("wallet", pk=one.enterprise_id)))
    found = {e.document.name: e for e in wallet.papers_of(one.enterprise, day(story))}

    assert [found[n].has_expired for n in ("old.pdf", "soon.pdf", "later.pdf")] == [True, False, False]
    assert [found[n].ends_soon for n in ("old.pdf", "soon.pdf", "later.pdf")] == [False, True, False]
    assert [d.pk for d in found["later.pdf"].used_in] == [one.pk, two.pk]
    assert "QUACERT" in page
    assert "1 giấy tờ đã hết hạn" in page
    assert "1 giấy tờ sắp hết hạn" in page
    assert one.product.name_vi in page


def test_an_empty_wallet_says_what_will_lie_there(story):
    enterprise = story.enterprise()

    assert "Kho chưa có giấy tờ" in words(signed_in(story.person("clerk")).get(url("wallet", pk=enterprise.pk)))


def test_the_wallet_asks_equally_often_for_any_number_of_papers(story):
    first = story.draft()
    client = signed_in(story.person("clerk"))
    counts = []
    for number in range(3):
        attach(story, first, name=f"a{number}.pdf")
        take(story, story.draft(), first.documents.latest("pk"))
        client.get(url("wallet", pk=first.enterprise_id))
        with CaptureQueriesContext(connection) as asked:
            client.get(url("wallet", pk=first.enterprise_id))
        counts.append(len(asked))
    assert counts[0] == counts[2] <= 8, counts


def test_expired_papers_of_a_dossier_are_found_by_day(story):
    dossier = story.draft()
    ended = attach(story, dossier, name="a.pdf", valid_until=day(story, days=10))
    attach(story, dossier, name="b.pdf")
    gone = attach(story, dossier, name="c.pdf", valid_until=day(story, days=1))
    actions.remove_document(document=gone, by=story.person("clerk"), at=story.tick())

    assert wallet.expired_on(dossier, day(story, days=10)) == []
    assert wallet.expired_on(dossier, day(story, days=11)) == [ended]
