"""Acts on many dossiers: dry run, all or nothing, and taking back; kept lists; a list that has become old."""

import re
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers import actions, bulk
from dossiers.models import BulkAct, Dossier, SavedFilter, Stage, StageChange
from enterprises.actions import add_representative
from mail.models import Letter


@pytest.fixture
def desk(client, story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    client.force_login(story.officer)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"dossiers:{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def ready(desk, act: str, dossiers: list[Dossier], **more: object):
    """The dry run, and the fields of its confirmation."""
    asked = {"act": act, "dossier": [d.pk for d in dossiers], "back": "/lam-viec/"} | more
    shown = desk.post(url("bulk_plan"), asked)
    mark = re.search(r'name="mark" value="(\w+)"', words(shown))
    return shown, asked | {"mark": mark[1] if mark else ""}


def stages() -> list[str]:
    return list(Dossier.objects.order_by("pk").values_list("stage", flat=True))


def test_the_dry_run_lists_every_effect_and_writes_nothing(desk, story):
    new, checked = story.submitted("a"), story.checking("b")
    before = stages(), StageChange.objects.count(), AuditEvent.objects.count()

    shown, _fields = ready(desk, "take", [new, checked])

    assert "1 hồ sơ giao cho bạn thụ lý." in words(shown)
    assert "Bỏ qua:" in words(shown)
    assert "Đang thẩm định" in words(shown)
    assert (stages(), StageChange.objects.count(), AuditEvent.objects.count()) == before


def test_the_dry_run_is_one_page_and_a_refusal_says_its_reason_on_it(desk, story):
    dossier = story.submitted("a")

    shown = words(desk.post(url("bulk_plan"), {"act": "take", "dossier": [dossier.pk]}))
    refused = words(desk.post(url("bulk_plan"), {"act": "take"}))

    assert shown.count("<h1") == refused.count("<h1") == 1
    assert "Chưa thực hiện gì" not in shown
    assert "Hãy đánh dấu ít nhất một hồ sơ." in refused


def test_taking_in_hand_and_back(desk, story):
    dossiers = [story.submitted("a"), story.submitted("b")]
    _shown, fields = ready(desk, "take", dossiers)

    list_page = desk.post(url("bulk_do"), fields, follow=True)

    assert stages() == ["checking", "checking"]
    assert set(Dossier.objects.values_list("officer", flat=True)) == {story.officer.pk}
    assert "2 hồ sơ giao cho bạn thụ lý." in words(list_page)
    assert "Hoàn tác" in words(list_page)

    done = BulkAct.objects.get()
    told = desk.post(url("bulk_undo", done.pk), {"back": "/lam-viec/"}, follow=True)

    assert "Đã hoàn tác cho 2 hồ sơ." in words(told)
    assert stages() == ["submitted", "submitted"]
    assert set(Dossier.objects.values_list("officer", flat=True)) == {None}
    # Taken back once is taken back: a second press changes nothing.
    desk.post(url("bulk_undo", done.pk), {"back": "/lam-viec/"})
    assert StageChange.objects.filter(step="put_back").count() == 2


def test_giving_to_another_officer_and_back(desk, story):
    dossiers = [story.checking("a"), story.submitted("b")]
    colleague = story.person("colleague", Role.OFFICER)
    _shown, fields = ready(desk, "give", dossiers, officer=colleague.pk)

    desk.post(url("bulk_do"), fields)

    assert set(Dossier.objects.values_list("officer", flat=True)) == {colleague.pk}
    desk.post(url("bulk_undo", BulkAct.objects.get().pk), {"back": "/lam-viec/"})
    assert [d.officer for d in Dossier.objects.order_by("pk")] == [story.officer, None]


def test_finding_eligible_and_back_before_the_council_begins(desk, story):
    dossier = story.checking("a")
    _shown, fields = ready(desk, "admit", [dossier])

    desk.post(url("bulk_do"), fields)
    assert stages() == ["eligible"]

    desk.post(url("bulk_undo", BulkAct.objects.get().pk), {"back": "/lam-viec/"})
    assert stages() == ["checking"]
    assert Letter.objects.get(kind="dossier_eligible").state == Letter.State.CANCELLED


def test_eligible_is_not_taken_back_once_an_enterprise_was_told(desk, story):
    dossiers = [story.checking("a"), story.checking("b")]
    _shown, fields = ready(desk, "admit", dossiers)
    desk.post(url("bulk_do"), fields)
    Letter.objects.filter(kind="dossier_eligible", about_id=str(dossiers[1].pk)).update(
        state=Letter.State.SENT, sent_at=story.now
    )

    refused = desk.post(url("bulk_undo", BulkAct.objects.get().pk), {"back": "/lam-viec/"})

    assert refused.status_code == 409
    assert dossiers[1].number in words(refused)
    assert stages() == ["eligible", "eligible"]
    assert set(Letter.objects.filter(kind="dossier_eligible").values_list("state", flat=True)) == {"held", "sent"}


def test_what_has_gone_on_cannot_be_taken_back_and_nothing_of_it_is(desk, story):
    first, second = story.submitted("a"), story.submitted("b")
    _shown, fields = ready(desk, "take", [first, second])
    desk.post(url("bulk_do"), fields)
    asked = [actions.Asked("photos", "missing", "Thiếu ảnh.")]
    actions.request_supplement(
        dossier=Dossier.objects.get(pk=second.pk), defects=asked, by=story.officer, at=story.tick()
    )

    refused = desk.post(url("bulk_undo", BulkAct.objects.get().pk), {"back": "/lam-viec/"})

    assert refused.status_code == 409
    assert second.number in words(refused)
    assert stages() == ["checking", "supplement"]
    assert BulkAct.objects.get().undone_at is None


def test_a_dossier_that_changed_since_the_dry_run_stops_the_whole_act(desk, story):
    first, second = story.submitted("a"), story.submitted("b")
    _shown, fields = ready(desk, "take", [first, second])
    colleague = story.person("colleague", Role.OFFICER)
    actions.start_check(dossier=second, by=colleague, at=story.tick())

    refused = desk.post(url("bulk_do"), fields)

    assert refused.status_code == 409
    assert "Vừa có người thay đổi" in words(refused)
    assert stages() == ["submitted", "checking"]
    assert not BulkAct.objects.exists()
    # The new list of effects stands below, with a mark of its own.
    assert 'name="mark"' in words(refused)


@pytest.mark.parametrize("wrong", [["999999"], ["x"], [], ["1' OR 1=1"]])
def test_marks_that_mean_nothing_are_refused_in_words(desk, story, wrong):
    dossier = story.submitted("a")
    pks = [str(dossier.pk), *wrong] if wrong == ["999999"] else wrong

    answer = desk.post(url("bulk_plan"), {"act": "take", "dossier": pks})

    assert answer.status_code == 409
    assert "đánh dấu" in words(answer)


def test_a_draft_or_an_own_dossier_cannot_be_reached_by_its_number(desk, story):
    draft, own = story.draft("a"), story.submitted("b")
    add_representative(enterprise=own.enterprise, user=story.officer, by=story.officer, at=story.tick())

    for hidden in (draft, own):
        answer = desk.post(url("bulk_plan"), {"act": "take", "dossier": [hidden.pk]})

        assert answer.status_code == 409
        assert hidden.product.name_vi not in words(answer)


def test_an_unknown_act_and_a_missing_officer_are_refused(desk, story):
    dossier = story.submitted("a")

    assert "Không có thao tác này." in words(desk.post(url("bulk_plan"), {"act": "erase", "dossier": [dossier.pk]}))
    assert "chọn cán bộ" in words(desk.post(url("bulk_plan"), {"act": "give", "dossier": [dossier.pk]}))


def test_only_the_one_who_did_it_takes_it_back(desk, story, client):
    _shown, fields = ready(desk, "take", [story.submitted("a")])
    desk.post(url("bulk_do"), fields)
    client.force_login(story.person("colleague", Role.OFFICER))

    assert client.post(url("bulk_undo", BulkAct.objects.get().pk)).status_code == 404
    assert stages() == ["checking"]


@pytest.mark.parametrize("name", ["bulk_plan", "bulk_do"])
@pytest.mark.parametrize("who", ["secretary", "stranger"])
def test_others_act_on_nothing(desk, story, client, name, who):
    dossier = story.submitted("a")
    client.force_login(story.secretary if who == "secretary" else story.person("stranger"))

    assert client.post(url(name), {"act": "take", "dossier": [dossier.pk], "mark": "x"}).status_code == 404
    assert stages() == ["submitted"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_act_once(story):
    dossiers = [story.submitted("a"), story.submitted("b")]
    at, officer = story.tick(), story.officer
    pks = [d.pk for d in dossiers]
    plan = bulk.plan(act="take", pks=pks, officer=None, by=officer, at=at)
    barrier, answers = Barrier(2), []

    def press() -> None:
        barrier.wait()
        try:
            bulk.do(act="take", pks=pks, officer=None, mark=plan.mark, by=officer, at=at)
            answers.append("done")
        except Refused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["done", "refused"]
    assert StageChange.objects.filter(step="start_check").count() == 2


def test_the_dry_run_asks_as_often_for_five_dossiers_as_for_two(desk, story, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    dossiers = [story.submitted(key) for key in "abcde"]

    def queries(n: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            ready(desk, "take", dossiers[:n])
        return len(found)

    queries(2)
    assert queries(5) == queries(2)


def test_whoever_has_ever_acted_for_an_enterprise_does_not_judge_its_dossier(desk, story):
    dossier = story.submitted("a")
    past = add_representative(enterprise=dossier.enterprise, user=story.officer, by=story.officer, at=story.tick())
    type(past).objects.filter(pk=past.pk).update(ended_at=story.tick())

    assert desk.get(url("check", dossier.pk)).status_code == 404
    assert dossier.number not in words(desk.get(url("desk_all")))
    assert desk.post(url("bulk_plan"), {"act": "take", "dossier": [dossier.pk]}).status_code == 409


def test_the_bar_of_the_papers_counts_photos_only_when_there_are_enough(desk, story):
    dossier = story.submitted("a")
    full = re.search(r"<span>(\d+)/(\d+)<", words(desk.get(url("desk"))))
    dossier.documents.filter(pk=dossier.documents.filter(paper="photos").first().pk).update(removed_at=story.now)
    fewer = re.search(r"<span>(\d+)/(\d+)<", words(desk.get(url("desk"))))

    assert full[1] == full[2]
    assert int(fewer[1]) == int(full[1]) - 1


# --- kept lists ---------------------------------------------------------------------------------------
def test_a_list_is_kept_shown_and_removed(desk, story):
    story.submitted("a")

    page = words(desk.post(url("save_filter"), {"name": "Việc mới", "query": "stage=submitted&q=đèn"}, follow=True))

    assert "Đã lưu" in page
    assert SavedFilter.objects.get().query == "q=%C4%91%C3%A8n&stage=submitted"
    assert ">Việc mới</a>" in words(desk.get(url("desk")))

    desk.post(url("remove_filter", SavedFilter.objects.get().pk))
    assert not SavedFilter.objects.exists()


def test_what_is_no_filter_is_not_kept(desk, story):
    story.season()
    desk.post(url("save_filter"), {"name": "x", "query": "stage=submitted&evil=1&due=never"})

    assert SavedFilter.objects.get().query == "stage=submitted"
    assert desk.post(url("save_filter"), {"name": "x", "query": ""}).status_code == 409
    assert desk.post(url("save_filter"), {"name": "", "query": "stage=submitted"}).status_code == 409


def test_a_list_belongs_to_one_person(desk, story, client):
    story.season()
    desk.post(url("save_filter"), {"name": "Riêng tôi", "query": "stage=submitted"})
    client.force_login(story.person("colleague", Role.OFFICER))

    assert "Riêng tôi</a>" not in words(client.get(url("desk")))
    assert client.post(url("remove_filter", SavedFilter.objects.get().pk)).status_code == 404
    assert SavedFilter.objects.exists()


def test_at_most_twelve_lists_are_kept(desk, story):
    story.season()
    for number in range(13):
        last = desk.post(url("save_filter"), {"name": f"Danh sách {number}", "query": "stage=submitted"})

    assert last.status_code == 409
    assert SavedFilter.objects.count() == 12


# --- an old list --------------------------------------------------------------------------------------
def test_the_list_knows_that_it_has_become_old(desk, story):
    dossier = story.submitted("a")
    drawn = story.tick().timestamp()

    assert desk.get(url("list_age"), {"since": drawn}).json() == {"changed": 0}
    actions.start_check(dossier=dossier, by=story.officer, at=story.tick())
    assert desk.get(url("list_age"), {"since": drawn}).json() == {"changed": 1}
    for nonsense in ("", "x", "1e400", "nan"):
        assert desk.get(url("list_age"), {"since": nonsense}).json() == {"changed": 0}


def test_the_stage_named_in_the_dry_run_is_the_stage_reached(desk, story):
    dossier = story.checking("a")
    plan = bulk.plan(act="admit", pks=[dossier.pk], officer=None, by=story.officer, at=story.now)

    assert [effect.stage for effect in plan.possible] == [Stage.ELIGIBLE]
