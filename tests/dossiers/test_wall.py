"""The wall: who has a conflict with a dossier meets it nowhere, is opened to it by two others only, and is counted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions, desk_queries, wall
from dossiers.models import BreakGlass, Conflict, Dossier, Ground
from enterprises.models import Representative
from mail.models import DemoMessage, Letter
from onestop.actions import make_form
from registry.models import ProcessCount
from registry.queries import count_of
from tests.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def pair(story: Story) -> tuple[Dossier, Dossier]:
    """Two dossiers in hand of the officer, each of its own enterprise; the first is the one to be kept apart."""
    first = story.checking("alpha")
    second = story.checking("beta")
    return first, second


def apart(story: Story, user: User, dossier: Dossier, **facts: Any) -> Conflict:
    return actions.declare_conflict(dossier=dossier, by=user, at=story.tick(), **({"kind": Ground.FAMILY} | facts))


def again(user: User) -> User:
    """The same person in a new request."""
    return User.objects.get(pk=user.pk)


def second_officer(story: Story) -> User:
    return story.person("officer-2", Role.OFFICER)


# --- the predicate --------------------------------------------------------------------------------------
def test_a_declared_conflict_bars_the_person_and_nobody_else(story, pair):
    first, second = pair
    assert not wall.is_barred(story.officer, first)

    apart(story, story.officer, first)

    assert wall.barred_ids(story.officer) == {first.pk}
    assert list(Dossier.objects.open_to(story.officer)) == [second]
    assert wall.barred_ids(second_officer(story)) == frozenset()
    assert Dossier.objects.open_to(story.secretary).count() == 2


def test_the_wall_is_asked_once_a_request(story, pair):
    apart(story, story.officer, pair[0])
    user = again(story.officer)

    with CaptureQueriesContext(
        connection,
    ) as first_time:
        wall.barred_ids(user)
    with CaptureQueriesContext(connection) as later:
        wall.barred_ids(user)
        wall.is_barred(user, pair[1])
        wall.barred_ids(user, pair[0].season)

    assert len(first_time) <= 3
    assert len(later) == 0


def test_it_is_told_apart_by_season(story, pair):
    apart(story, story.officer, pair[0])
    other = Story(year=2030, people=story.people)

    assert wall.barred_ids(story.officer, pair[0].season) == {pair[0].pk}
    assert wall.barred_ids(story.officer, type("S", (), {"pk": -other.year})()) == frozenset()


@pytest.mark.parametrize("ended", [False, True])
def test_whoever_represents_or_represented_the_enterprise_does_not_work_on_it(story, pair, ended):
    first = pair[0]
    Representative.objects.create(
        user=story.officer,
        enterprise=first.enterprise,
        since=story.now,
        ended_at=story.tick() if ended else None,
    )
    officer = again(story.officer)

    assert wall.barred_ids(officer) == {first.pk}
    assert wall.has_conflict(officer, first)


def test_an_applicant_keeps_the_own_dossier_though_it_cannot_be_judged(story, pair, client):
    """The wall is about working: the doors of the applicant stay open, those of the desk close."""
    first = pair[0]
    Representative.objects.create(user=story.officer, enterprise=first.enterprise, since=story.now)
    client.force_login(story.officer)

    assert client.get(reverse("dossiers:follow", args=[first.pk])).status_code == 200
    assert client.get(reverse("dossiers:document", args=[first.documents.first().pk])).status_code == 200
    assert client.get(reverse("dossiers:check", args=[first.pk])).status_code == 404


def test_an_applicant_without_a_role_meets_no_wall(story, pair):
    assert wall.barred_ids(story.person("alpha")) == frozenset()


def test_a_superuser_is_not_above_the_wall(story, pair, client):
    officer = story.officer
    officer.is_superuser = officer.is_staff = True
    officer.save()
    apart(story, officer, pair[0])
    client.force_login(officer)

    assert client.get(reverse("dossiers:check", args=[pair[0].pk])).status_code == 404
    assert pair[0].number not in client.get(reverse("dossiers:desk_all")).content.decode()


def test_the_memory_of_a_request_forgets_when_the_person_declares_or_begins_to_represent(story, pair):
    first, second = pair
    officer = story.officer
    assert wall.barred_ids(officer) == frozenset()

    apart(story, officer, first)
    assert wall.is_barred(officer, first)

    Representative.objects.create(user=officer, enterprise=second.enterprise, since=story.now)
    from enterprises.permissions import forget_representations

    forget_representations(officer)
    assert wall.barred_ids(officer) == {first.pk, second.pk}


def test_an_action_that_holds_the_lock_sees_a_conflict_declared_in_another_tab(story, pair):
    here, there = again(story.officer), again(story.officer)
    assert not wall.is_barred(here, pair[0])

    apart(story, there, pair[0])

    assert not wall.is_barred(here, pair[0])  # the memory of this request
    assert wall.is_barred_now(here, pair[0])


# --- declaring ------------------------------------------------------------------------------------------
def test_declaring_takes_the_dossier_out_of_the_own_hands_and_is_logged_without_the_words(story, pair):
    first = pair[0]
    assert first.officer_id == story.officer.pk or Dossier.objects.get(pk=first.pk).officer_id == story.officer.pk

    row = apart(story, story.officer, first, kind=Ground.OTHER, words="Hàng xóm của giám đốc")

    assert Dossier.objects.get(pk=first.pk).officer_id is None
    event = AuditEvent.objects.get(act="conflict.declared")
    assert event.detail == {"dossier": first.pk, "person": story.officer.pk, "kind": "other"}
    assert "Hàng xóm" not in str(event.detail) + event.object_name
    assert row.words == "Hàng xóm của giám đốc"


def test_said_twice_it_stands_once_with_the_last_words(story, pair):
    first = apart(story, story.officer, pair[0])
    second = apart(story, story.officer, pair[0], kind=Ground.OTHER, words="rõ hơn")

    assert first.pk == second.pk
    assert Conflict.objects.get().words == "rõ hơn"


@pytest.mark.parametrize(("kind", "words"), [("", ""), ("friendship", "x"), (Ground.OTHER, "  ")])
def test_a_conflict_needs_a_listed_ground_and_another_ground_its_words(story, pair, kind, words):
    with pytest.raises(Refused):
        apart(story, story.officer, pair[0], kind=kind, words=words)

    assert not Conflict.objects.exists()


def test_the_it_officer_declares_too_and_an_applicant_has_nothing_to_declare(story, pair):
    apart(story, story.person("it", Role.IT_OFFICER), pair[0])

    with pytest.raises(Http404):
        apart(story, story.person("alpha"), pair[0])


# --- the doors ------------------------------------------------------------------------------------------
DOORS = [
    "dossiers:check", "dossiers:desk_messages", "dossiers:changes", "dossiers:refuse", "dossiers:ask_supplement",
    "dossiers:extend_supplement", "dossiers:transcribe", "dossiers:answer_on_paper", "dossiers:withdraw_on_paper",
    "onestop:forms",
]  # fmt: skip
ACTS = [
    "dossiers:start_check", "dossiers:admit", "dossiers:check_again", "dossiers:check_mark", "dossiers:check_open",
    "dossiers:check_notes", "onestop:scan",
]  # fmt: skip
LISTS = [
    "dossiers:desk", "dossiers:desk_new", "dossiers:desk_supplement", "dossiers:desk_overdue", "dossiers:desk_all",
    "dossiers:desk_inbox", "dossiers:desk_enterprises", "onestop:book", "onestop:apologies", "exchange:excel",
    "mail:outbox",
]  # fmt: skip


def test_every_door_about_the_dossier_answers_like_one_that_is_not_there(story, pair, client):
    first, second = pair
    made = make_form(form="01", dossier=first, by=story.officer, at=story.tick())
    letter = Letter.objects.filter(about_model="dossiers.dossier", about_id=str(first.pk)).first()
    client.force_login(story.officer)
    addresses = [reverse(name, args=[first.pk]) for name in DOORS] + [
        reverse("dossiers:document", args=[first.documents.first().pk]),
        reverse("onestop:form", args=[first.pk, "06"]),
        reverse("onestop:made", args=[made.pk]),
        reverse("onestop:file", args=[made.pk, "pdf"]),
        reverse("mail:letter", args=[letter.pk]),
        reverse("mail:letter_html", args=[letter.pk]),
        f"{reverse('dossiers:desk')}?panel=1&chon={first.pk}",
    ]
    assert [a for a in addresses if client.get(a).status_code not in (200, 302, 409)] == []

    apart(story, story.officer, first)

    assert [a for a in addresses if client.get(a).status_code != 404] == []
    posts = [reverse(name, args=[first.pk]) for name in ACTS]
    posts += [reverse("mail:cancel", args=[letter.pk]), reverse("mail:send_again", args=[letter.pk])]
    assert [a for a in posts if client.post(a).status_code != 404] == []
    assert client.get(reverse("dossiers:check", args=[second.pk])).status_code == 200


def words_of(dossier: Dossier) -> list[str]:
    return [dossier.number, dossier.product.name_vi]


def test_no_list_count_or_export_names_the_dossier(story, pair, client):
    first, second = pair
    from dossiers.talk import write

    write(dossier=first, text="Xin hỏi", by=story.person("alpha"), at=story.tick())
    apart(story, story.officer, first)
    client.force_login(story.officer)

    for name in LISTS:
        page = client.get(reverse(name)).content.decode()
        assert not [w for w in words_of(first) if w in page], name
    for query in (first.number, first.product.name_vi, first.enterprise.tax_code):
        page = client.get(reverse("dossiers:desk_all"), {"q": query}).content.decode()
        assert f"/{first.pk}/" not in page
    assert [line.pk for line in desk_queries.desk_lines(first.season, for_user=again(story.officer))] == [second.pk]
    assert client.get(reverse("dossiers:desk_all")).context["numbers"].total == 1
    for address in (reverse("exchange:export", args=["dossiers"]), reverse("onestop:book_file", args=["xlsx"])):
        content = client.get(address).content
        assert not [w for w in words_of(first) if w in text_of(content)]
        assert second.number in text_of(content)


def text_of(xlsx: bytes) -> str:
    """All words of a workbook."""
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(xlsx)) as bundle:
        return "".join(bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".xml"))


def test_the_register_of_enterprises_counts_and_tells_only_what_is_open(story, pair, client):
    first = pair[0]
    apart(story, story.officer, first)
    client.force_login(story.officer)

    rows = {one.pk: one for one in client.get(reverse("dossiers:desk_enterprises")).context["page"]}
    page = client.get(reverse("dossiers:desk_enterprise", args=[first.enterprise_id])).content.decode()

    assert (rows[first.enterprise_id].filed, rows[first.enterprise_id].last_season) == (0, None)
    assert rows[pair[1].enterprise_id].filed == 1
    assert first.number not in page
    assert reverse("dossiers:desk_correct_enterprise", args=[first.enterprise_id]) not in page
    assert client.get(reverse("dossiers:desk_correct_enterprise", args=[first.enterprise_id])).status_code == 404


def normal(content: bytes) -> bytes:
    """A page without what changes from request to request."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", content)
    return re.sub(rb'data-since="[^"]*"', b"", page)


def test_whatever_happens_to_the_dossier_the_pages_stay_the_same_to_the_byte(story, pair, client):
    """Two worlds: another officer asks for a supplement, a letter goes out, a message comes."""
    first = pair[0]
    apart(story, story.officer, first)
    colleague = second_officer(story)
    client.force_login(story.officer)
    addresses = [reverse(name) for name in LISTS]
    addresses += [reverse("dossiers:check", args=[first.pk]), reverse("dossiers:check", args=[pair[1].pk])]
    addresses.append(reverse("dossiers:desk_enterprise", args=[first.enterprise_id]))

    def seen() -> dict[str, tuple[int, bytes]]:
        answers = {address: client.get(address) for address in addresses}
        return {address: (answer.status_code, normal(answer.content)) for address, answer in answers.items()}

    before = seen()
    asked = [actions.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")]
    actions.request_supplement(dossier=first, defects=asked, message="Đề nghị.", by=colleague, at=story.tick())
    from dossiers.talk import write

    write(dossier=first, text="Xin hỏi", by=story.person("alpha"), at=story.tick())
    after = seen()

    assert [address for address in addresses if before[address] != after[address]] == []


def test_the_check_of_another_dossier_does_not_quote_the_closed_one(story, client):
    """Same contact telephone, same file: named to a colleague, not to whoever has the conflict."""
    first = story.submitted("alpha")
    second = story.submitted("beta")
    client.force_login(story.officer)
    address = reverse("dossiers:check", args=[second.pk])
    assert first.number in client.get(address).content.decode()

    apart(story, story.officer, first)

    assert first.number not in client.get(address).content.decode()


def test_letters_to_the_officer_in_hand_stop_with_the_conflict(story, pair):
    first = pair[0]
    Dossier.objects.filter(pk=first.pk).update(officer=story.officer)
    from dossiers import post

    assert post.officer_of(Dossier.objects.get(pk=first.pk)) == story.officer
    apart(story, story.officer, first)
    Dossier.objects.filter(pk=first.pk).update(officer=story.officer)  # however it comes about

    assert post.officer_of(Dossier.objects.get(pk=first.pk)) is None


def test_the_demonstrations_mailbox_hides_the_letter_from_whoever_has_the_conflict(story, pair, client, settings):
    from django.core.mail import get_connection

    from mail.sending import message_of

    settings.LOAD_DEMO = True
    letter = Letter.objects.filter(about_model="dossiers.dossier", about_id=str(pair[0].pk)).first()
    get_connection("mail.backends.DemoMailbox").send_messages([message_of(letter)])
    message = DemoMessage.objects.get()
    apart(story, story.officer, pair[0])
    client.force_login(story.officer)

    assert letter.subject not in client.get(reverse("mail:mailbox")).content.decode()
    assert client.get(reverse("mail:mailbox_message", args=[message.pk])).status_code == 404
    client.force_login(story.secretary)
    assert client.get(reverse("mail:mailbox_message", args=[message.pk])).status_code == 200


def test_a_bulk_act_of_the_own_is_no_longer_told_once_one_of_its_dossiers_is_closed(story, client):
    from dossiers import bulk

    dossiers = [story.submitted("alpha"), story.submitted("beta")]
    pks = [d.pk for d in dossiers]
    plan = bulk.plan(act=bulk.TAKE, pks=pks, officer=None, by=story.officer, at=story.tick())
    done = bulk.do(act=bulk.TAKE, pks=pks, officer=None, mark=plan.mark, by=story.officer, at=story.tick())
    client.force_login(story.officer)
    assert client.get(reverse("dossiers:desk"), {"done": done.pk}).context["done"] is not None

    apart(story, story.officer, dossiers[0])

    assert client.get(reverse("dossiers:desk"), {"done": done.pk}).context["done"] is None
    assert client.post(reverse("dossiers:bulk_undo", args=[done.pk])).status_code == 404
    with pytest.raises(Refused):
        bulk.plan(act=bulk.TAKE, pks=pks, officer=None, by=again(story.officer), at=story.tick())


def test_an_import_that_names_the_enterprise_is_closed_and_its_rows_are_refused(story, pair, client):
    from core.xlsx.writing import Sheet, write
    from exchange.actions import preview
    from exchange.kinds import kind_of

    first = pair[0]
    columns = kind_of("enterprises", None, story.now).columns()
    rows = [{"tax_code": first.enterprise.tax_code, "name_vi": "Tên khác"}]
    content = write(Sheet("x", columns, rows))
    made = preview(
        kind="enterprises", season=None, content=content, name="x.xlsx", by=second_officer(story), at=story.tick()
    )
    client.force_login(story.officer)
    assert client.get(reverse("exchange:import", args=[made.pk])).status_code == 200

    apart(story, story.officer, first)

    assert client.get(reverse("exchange:import", args=[made.pk])).status_code == 404
    assert client.post(reverse("exchange:confirm", args=[made.pk])).status_code == 404
    assert list(client.get(reverse("exchange:excel")).context["recent"]) == []
    own = preview(
        kind="enterprises", season=None, content=content, name="y.xlsx", by=again(story.officer), at=story.tick()
    )
    words = "Bạn có xung đột lợi ích với doanh nghiệp này. Đề nghị đồng nghiệp nhập phần liên quan."
    assert words in [error["words"] for error in own.errors()]


def test_the_counter_receives_nothing_of_an_enterprise_with_a_conflict(story, pair, client):
    first = pair[0]
    apart(story, story.officer, first)
    client.force_login(story.officer)

    page = client.get(reverse("onestop:receive"), {"mst": first.enterprise.tax_code}).content.decode()
    assert first.number not in page
    assert "xung đột lợi ích" in page
    product = story.product("alpha")
    with pytest.raises(Refused):
        actions.receive_on_paper(
            season=first.season,
            product=product,
            track="standard",
            received_at=story.now,
            by=again(story.officer),
            at=story.now,
        )


def test_giving_the_dossier_to_whoever_has_a_conflict_is_refused_without_saying_why(story, pair):
    first, colleague = pair[0], second_officer(story)
    apart(story, colleague, first)

    with pytest.raises(Refused) as refused:
        actions.assign_officer(dossier=first, officer=again(colleague), by=story.officer, at=story.tick())

    assert "xung đột" not in " ".join(refused.value.reasons)


# --- lifting --------------------------------------------------------------------------------------------
def test_a_conflict_is_lifted_by_two_others_with_a_reason(story, pair):
    conflict = apart(story, story.officer, pair[0])
    with pytest.raises(Refused):
        actions.ask_to_lift(conflict=conflict, reason=" ", by=story.secretary, at=story.tick())
    actions.ask_to_lift(conflict=conflict, reason="Trùng tên, khác người", by=story.secretary, at=story.tick())
    assert wall.is_barred(again(story.officer), pair[0])  # one alone changes nothing

    lifted = actions.lift(conflict=conflict, by=second_officer(story), at=story.tick())

    assert not wall.is_barred(again(story.officer), pair[0])
    assert lifted.lift_reason == "Trùng tên, khác người"
    assert AuditEvent.objects.filter(act__in=["conflict.lift_asked", "conflict.lifted"]).count() == 2


def test_nobody_lifts_the_own_conflict_nor_is_both_persons(story, pair):
    other = story.person("secretary-2", Role.SECRETARY)
    own = apart(story, story.secretary, pair[0])
    theirs = apart(story, story.officer, pair[1])
    for by in (story.secretary, story.officer, story.person("alpha")):
        with pytest.raises(Http404):
            actions.ask_to_lift(conflict=own, reason="x", by=again(by), at=story.tick())
    actions.ask_to_lift(conflict=own, reason="x", by=other, at=story.tick())
    actions.ask_to_lift(conflict=theirs, reason="x", by=other, at=story.tick())

    for conflict, by in ((own, other), (own, story.secretary), (theirs, other), (theirs, story.officer)):
        with pytest.raises(Http404):
            actions.lift(conflict=conflict, by=again(by), at=story.tick())
    actions.decline_to_lift(conflict=own, by=story.officer, at=story.tick())
    with pytest.raises(Http404):  # nothing is asked any more
        actions.lift(conflict=own, by=story.officer, at=story.tick())
    assert wall.is_barred(again(story.secretary), pair[0])


def test_whoever_stands_apart_from_the_same_dossier_is_no_second_person(story, pair):
    conflict = apart(story, story.officer, pair[0])
    actions.ask_to_lift(conflict=conflict, reason="x", by=story.secretary, at=story.tick())
    colleague = second_officer(story)
    apart(story, colleague, pair[0])

    with pytest.raises(Http404):
        actions.lift(conflict=conflict, by=again(colleague), at=story.tick())


@pytest.mark.parametrize("who", ["officer", "asker"])
def test_the_database_itself_asks_for_two_others(story, pair, who):
    conflict = apart(story, story.officer, pair[0])
    second = {"officer": story.officer, "asker": story.secretary}[who]

    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(
            lift_reason="x",
            lift_asked_by=story.secretary,
            lift_asked_at=story.now,
            lifted_by=second,
            lifted_at=story.now,
        )


def test_the_database_keeps_conflicts_and_openings(story, pair):
    conflict = apart(story, story.officer, pair[0])
    glass = actions.ask_to_open(conflict=conflict, reason="x", by=story.officer, at=story.tick())

    for row in (glass, conflict):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()


# --- break-glass ----------------------------------------------------------------------------------------
def glass_of(story: Story, pair: tuple[Dossier, Dossier]) -> BreakGlass:
    conflict = apart(story, story.officer, pair[0])
    return actions.ask_to_open(
        conflict=conflict, reason="Máy chủ hỏng, không ai khác", by=story.officer, at=story.tick()
    )


def test_two_people_open_the_dossier_for_an_hour_and_the_public_counts_it(story, pair, client):
    glass = glass_of(story, pair)
    client.force_login(story.officer)
    address = reverse("dossiers:check", args=[pair[0].pk])
    assert client.get(address).status_code == 404  # asking alone opens nothing
    public = reverse("public:season", args=[story.year])
    assert client.get(public).context["emergencies"] == 0

    now = timezone.now()
    opened = actions.open_for_an_hour(glass=glass, by=story.secretary, at=now)

    assert opened.ends_at - opened.opened_at == timedelta(minutes=60)
    assert client.get(address).status_code == 200
    assert wall.has_conflict(again(story.officer), pair[0])  # seeing is not judging
    assert client.get(public).context["emergencies"] == 1
    assert "Số lần mở khẩn cấp" in client.get(public).content.decode()
    acts = AuditEvent.objects.filter(act__startswith="break_glass").order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["break_glass.asked", "break_glass.opened"]


def test_after_the_hour_the_wall_stands_again(story, pair, client):
    glass = glass_of(story, pair)
    actions.open_for_an_hour(glass=glass, by=story.secretary, at=timezone.now() - timedelta(minutes=61))

    assert wall.is_barred(again(story.officer), pair[0])


def test_nobody_opens_alone_nor_with_a_conflict_and_a_refusal_is_kept(story, pair):
    glass = glass_of(story, pair)
    apart(story, story.secretary, pair[0])
    for by in (story.officer, story.secretary, story.person("it", Role.IT_OFFICER), story.person("alpha")):
        with pytest.raises(Http404):
            actions.open_for_an_hour(glass=glass, by=again(by), at=timezone.now())

    actions.refuse_to_open(glass=glass, by=second_officer(story), at=timezone.now())

    with pytest.raises(Refused):
        actions.open_for_an_hour(glass=glass, by=second_officer(story), at=timezone.now())
    assert wall.is_barred(again(story.officer), pair[0])
    assert not ProcessCount.objects.exists()


def test_the_database_refuses_one_person_alone_and_more_than_an_hour(story, pair):
    glass = glass_of(story, pair)
    wrong = [
        {"opened_by": story.officer, "opened_at": story.now, "ends_at": story.now + timedelta(minutes=60)},
        {"opened_by": story.secretary, "opened_at": story.now, "ends_at": story.now + timedelta(minutes=61)},
        {"opened_by": story.secretary, "opened_at": story.now},
    ]
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            BreakGlass.objects.filter(pk=glass.pk).update(**facts)


def test_an_emergency_does_not_open_what_one_represents_and_members_have_none(story, pair):
    conflict = apart(story, story.officer, pair[0])
    Representative.objects.create(user=story.officer, enterprise=pair[0].enterprise, since=story.now)
    glass = actions.ask_to_open(conflict=conflict, reason="x", by=again(story.officer), at=story.tick())
    actions.open_for_an_hour(glass=glass, by=story.secretary, at=timezone.now())
    assert wall.is_barred(again(story.officer), pair[0])

    member = story.person("member", Role.MEMBER)
    own = apart(story, member, pair[0])
    with pytest.raises(Http404):
        actions.ask_to_open(conflict=own, reason="x", by=member, at=story.tick())


def test_the_public_count_only_rises(story, pair):
    for count in (1, 2):
        glass = BreakGlass.objects.create(dossier=pair[0], asked_by=story.officer, reason="x", asked_at=story.now)
        actions.open_for_an_hour(glass=glass, by=story.secretary, at=timezone.now())
        assert count_of(ProcessCount.Kind.BREAK_GLASS, story.year) == count

    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessCount.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessCount.objects.update(count=1)
    assert count_of(ProcessCount.Kind.BREAK_GLASS, story.year + 1) == 0
