"""Every address against every role. A new address without a row in this table fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from accounts.models import Role
from core import merkle
from tests.story import Story

EVERYBODY = {"visitor", "owner", "stranger", "officer", "secretary", "member", "barred", "it", "root", "signatory"}
SIGNED_IN = EVERYBODY - {"visitor"}
OWNER = {"owner"}
STAFF = {"officer", "secretary"}
SEATED = {"member", "barred"}
SIGNING = {"signatory"}

# name: (who may, how it is asked). "GET" pages answer 2xx or redirect within the site; "POST" acts are asked with
# an empty body, so that they answer with a refusal in words and change nothing.
ROWS: dict[str, tuple[set[str], str]] = {}


def rows(who: set[str], how: str, *names: str) -> None:
    ROWS.update(dict.fromkeys(names, (who, how)))


rows(
    EVERYBODY,
    "GET",
    "livez",
    "readyz",
    "public:home",
    "public:directory",
    "public:product",
    "public:enterprises",
    "public:enterprise",
    "public:seasons",
    "public:season",
    "public:season_thanks",
    "public:rubric_file",
    "public:statistics",
    "public:statistics_csv",
    "public:verify",
    "public:offline",
    "public:offline_worker",
    "public:ask",
    "public:signed_answer",
    "key_history",
    "status_list",
    "terms",
    "achievement",
    "credential",
    "public:certificate",
    "public:certificate_pdf",
    "public:help",
    "public:robots",
    "public:sitemap",
    "accounts:sign_in",
    "accounts:register",
    "enterprises:registration_sent",
    "enterprises:registration_link",
    "enterprises:registration",
    "enterprises:invitation_link",
    "enterprises:invitation",
    "accounts:signed_out",
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "dossiers:track",
    "ledger:log",
    "ledger:check",
    "ledger:proof",
    "ledger:roots",
    "ledger:keys",
    "ledger:leaves",
    "ledger:consistency",
    "ledger:time_stamp_roots",
    "ledger:script",
    # The demonstration's mailbox: for everybody there, and nowhere else (tests/mail/test_mailbox.py).
    "mail:mailbox",
    "mail:mailbox_message",
    "mail:mailbox_html",
    "mail:mailbox_attachment",
)
# Whoever represents no enterprise reads there how to register one.
rows(SIGNED_IN, "GET", "accounts:home", "core:kit", "dossiers:mine", "dossiers:new")
rows(SIGNED_IN, "GET", "enterprises:mine", "enterprises:add", "enterprises:add_facts")
rows(
    OWNER,
    "GET",
    "enterprises:people",
    "enterprises:person_end",
    "enterprises:sites",
    "enterprises:site",
    "dossiers:enterprise_history",
)
rows(
    OWNER,
    "POST",
    "enterprises:person_role",
    "enterprises:invitation_again",
    "enterprises:invitation_withdraw",
    "enterprises:answer_request",
    "enterprises:site_end",
)
rows(STAFF, "GET", "dossiers:desk_enterprises", "dossiers:desk_enterprise", "enterprises:duplicates")
rows({"officer"}, "POST", "enterprises:not_duplicate", "enterprises:not_duplicate_undo")
rows({"officer"}, "GET", "dossiers:desk_correct_enterprise")
# The code of a dossier opens nothing for whoever stands apart from it.
rows(EVERYBODY - {"barred", "it"}, "GET", "dossiers:track_code")
rows(SIGNED_IN, "POST", "accounts:sign_out", "accounts:stay")
rows(
    SIGNED_IN,
    "GET",
    "accounts:account",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "usersessions_list",
    "socialaccount_connections",
    # Steps of signing in: without the step before them they lead to the sign-in page, signed in they lead on.
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_signup",
)
# Not there until an identity provider is configured (tests/accounts/test_identity.py).
rows(set(), "GET", "openid_connect_login", "openid_connect_callback")
NOT_ASKED = {"accounts:sign_out", "openid_connect_login", "openid_connect_callback"}
rows(
    OWNER,
    "GET",
    "dossiers:record",
    "dossiers:dossier",
    "dossiers:eligibility",
    "dossiers:selfmarks",
    "dossiers:save_part",
    "dossiers:print_draft",
    "dossiers:receipt_pdf",
    "dossiers:enterprise_part",
    "dossiers:product_part",
    "dossiers:figures",
    "dossiers:figures_view",
    "dossiers:figures_sheet",
    "dossiers:papers",
    "dossiers:remove_document",
    "dossiers:papers_scans",
    "dossiers:wallet",
    "dossiers:undertakings",
    "dossiers:review",
    "dossiers:receipt",
    "dossiers:follow",
    "dossiers:supplement",
    "dossiers:withdraw",
    "dossiers:messages",
)
rows(OWNER, "POST", "dossiers:reuse_answers")
rows(OWNER, "POST", "dossiers:figures_confirm", "dossiers:figures_sheet_up", "dossiers:figures_undo")
rows(
    OWNER,
    "POST",
    "dossiers:put_back_document",
    "dossiers:move_document",
    "dossiers:describe_document",
    "dossiers:take_over",
    "dossiers:upload_begin",
    "dossiers:upload_piece",
    "dossiers:upload_finish",
)
rows(OWNER | STAFF | {"member"}, "GET", "dossiers:document")
rows(
    STAFF,
    "GET",
    "dossiers:desk",
    "dossiers:desk_new",
    "dossiers:desk_supplement",
    "dossiers:desk_overdue",
    "dossiers:desk_all",
    "dossiers:check",
    "dossiers:desk_inbox",
    "dossiers:desk_messages",
    "dossiers:special_days",
    "dossiers:special_days_year",
    "dossiers:changes",
    "dossiers:phrases",
    "programme:season_desk",
    "programme:rubrics",
    "programme:rubric",
    "programme:rubric_export",
    "programme:rubric_draft",
    "programme:draft_export",
    "analysis:laboratory",
    "evaluations:progress",
    "evaluations:ranking",
    "evaluations:ranking_csv",
    "decisions:comments",
    "exchange:excel",
    "exchange:export",
    "exchange:template",
)
rows(STAFF | SIGNING, "GET", "decisions:decision")
rows(STAFF | SIGNING | {"it"}, "GET", "decisions:certificates", "decisions:register", "decisions:archive")
rows(STAFF | SIGNING | {"it"}, "GET", "decisions:thumbnail")
rows(STAFF | SIGNING, "POST", "decisions:confirm", "decisions:release_again")
rows({"secretary"} | SIGNING, "GET", "decisions:draft_paper")
# The secretary may return a batch (tests/decisions/test_certificate_pages.py); an empty body asks for the approval.
rows(SIGNING, "POST", "decisions:batch")
rows({"secretary", "it"} | SIGNING, "POST", "decisions:brake")
rows({"secretary"}, "GET", "decisions:preview_paper", "decisions:correct")
rows({"secretary"}, "POST", "decisions:start_batch", "decisions:comment_report")
rows(SIGNING, "GET", "decisions:to_sign")
rows(STAFF, "GET", "dossiers:list_age")
rows(STAFF, "POST", "programme:rubric_new", "programme:draft_judge", "programme:draft_make", "programme:draft_discard")
rows(STAFF, "POST", "dossiers:save_filter")
rows({"officer"}, "POST", "dossiers:remove_filter")
rows(
    {"officer"},
    "POST",
    "dossiers:bulk_plan",
    "dossiers:bulk_do",
    "dossiers:bulk_undo",
    "dossiers:start_check",
    "dossiers:check_mark",
    "dossiers:check_open",
    "dossiers:check_notes",
    "dossiers:remove_note",
    "dossiers:end_phrase",
    "dossiers:admit",
    "dossiers:check_again",
)
rows({"officer"}, "GET", "dossiers:phrase")
rows({"officer"}, "GET", "dossiers:ask_supplement", "dossiers:refuse", "programme:season_new", "decisions:revoke")
rows({"officer"}, "POST", "exchange:upload", "exchange:confirm")
rows({"officer"}, "GET", "onestop:receive", "onestop:form")
rows({"officer"}, "POST", "onestop:scan")
rows(OWNER | STAFF, "GET", "onestop:made", "onestop:file")
rows(OWNER, "GET", "onestop:own")
rows(STAFF, "GET", "onestop:forms", "onestop:book", "onestop:book_file", "onestop:apologies")
rows(STAFF, "GET", "onestop:texts", "onestop:text")
rows(STAFF, "POST", "onestop:text_restore")
rows({"officer"}, "GET", "exchange:import", "exchange:errors")
rows({"officer"}, "GET", "dossiers:extend_supplement")
rows({"officer"}, "GET", "dossiers:transcribe", "dossiers:answer_on_paper", "dossiers:withdraw_on_paper")
rows({"secretary"}, "GET", "evaluations:council", "evaluations:assignment", "evaluations:assignment_cell")
rows({"secretary"}, "GET", "evaluations:seat", "evaluations:assignment_xlsx")
rows({"secretary"}, "POST", "evaluations:assignment_import")
rows({"officer"}, "POST", "programme:publish_plan", "programme:season_delete")
rows({"secretary"}, "GET", "programme:scoring_window")
rows(
    {"secretary"},
    "POST",
    "programme:publish_rubric",
    "evaluations:vacate_seat",
    "evaluations:open_session",
    "evaluations:close_session",
    "evaluations:compute_again",
    "decisions:retry",
)
rows(STAFF, "POST", "decisions:reply")
rows({"secretary"}, "GET", "decisions:reasons", "decisions:reasons_letter", "decisions:reasons_edit")
rows({"secretary"}, "GET", "decisions:reasons_pdf")
rows(OWNER, "GET", "decisions:own_reasons")
rows(EVERYBODY, "GET", "seal")
rows(
    OWNER, "GET", "honours:recognitions", "honours:use", "honours:kit", "honours:press", "honours:qr", "honours:lockup"
)
rows(STAFF, "GET", "mail:outbox", "mail:letter", "mail:letter_html", "mail:texts", "mail:text", "mail:text_preview")
rows(STAFF, "POST", "mail:send_now", "mail:send_again", "mail:count_as_sent", "mail:cancel", "mail:text_restore")
rows(SEATED, "GET", "evaluations:queue", "evaluations:interests")
rows(SEATED, "GET", "analysis:mine")
rows({"secretary", "member"}, "GET", "analysis:reliability")  # that member chairs the council
rows({"member"}, "GET", "evaluations:sheet", "evaluations:correct_sheet", "evaluations:sheet_differences")
rows({"member"}, "POST", "evaluations:sign", "evaluations:give_up_correction")
rows(SEATED, "GET", "evaluations:own_review", "evaluations:sheet_excel", "evaluations:sheet_workbook")
rows({"secretary"}, "GET", "evaluations:enter_sheet")
# The second of two people: not the secretary who typed it in.
rows({"officer"}, "GET", "evaluations:confirm_entry", "evaluations:entry_scan")
rows({"secretary"}, "POST", "evaluations:remind")
rows(STAFF, "GET", "meetings:meetings", "meetings:run", "meetings:screen", "meetings:minutes", "meetings:papers")
rows(STAFF, "GET", "meetings:paper")
rows({"secretary"}, "GET", "meetings:prepare")
rows({"secretary"}, "POST", "meetings:agenda_act", "meetings:item_act", "meetings:seat_act", "meetings:order_papers")
rows(SEATED, "GET", "meetings:own", "meetings:attend", "meetings:own_minutes")
rows({"member"}, "POST", "meetings:vote")
rows(STAFF, "GET", "evaluations:ranking_xlsx", "evaluations:run_difference")
rows(STAFF, "GET", "evaluations:appeals", "evaluations:appeal")
rows(STAFF, "POST", "evaluations:decide_appeal")
rows({"secretary"}, "GET", "evaluations:decision_bundle")
rows({"secretary"}, "POST", "evaluations:order_run")
# The IT officer too, but this one has a conflict: every verdict depends on every dossier.
rows({"secretary"}, "GET", "evaluations:checks")
# Conflicts of interest: everybody with a role declares; the second person is neither the one who asked nor concerned.
rows(STAFF | SEATED | SIGNING | {"it"}, "GET", "evaluations:own_conflicts")
rows({"member"}, "GET", "evaluations:declare_conflict")
rows({"it"}, "GET", "evaluations:emergency")
rows(STAFF, "POST", "evaluations:answer_opening")
rows({"officer"}, "POST", "evaluations:answer_lift")
rows({"secretary"}, "GET", "evaluations:conflicts", "evaluations:ask_lift", "evaluations:likely")
rows({"secretary"}, "GET", "evaluations:judge_likely")


def addresses(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_has_its_row():
    known = {name for name in addresses() if not name.startswith("api:")}

    assert known == set(ROWS)


def a_wrong_import(story: Story) -> Any:
    """A workbook with an error, looked at by the officer."""
    from core.xlsx.writing import Sheet, write
    from exchange.actions import preview
    from exchange.kinds import kind_of

    columns = kind_of("enterprises", None, story.now).columns()
    content = write(Sheet("x", columns, [{"tax_code": "1"}]))
    return preview(kind="enterprises", season=None, content=content, name="x.xlsx", by=story.officer, at=story.tick())


@pytest.fixture
def world(story: Story, settings: Any, keys: Any) -> dict[str, Any]:
    """A past season with a certificate, a dossier with the council in the running one, a letter and its copy."""
    from certificates.models import Certificate
    from dossiers.models import Dossier
    from registry.models import Comment, PublishedList, Recognition

    past = Story(year=2025)
    past.people = story.people
    recognised = past.recognised(1)[0]
    past.issued()
    story.people |= {"signatory": past.signatory}
    story.now, story.count = past.now, past.count
    owner = past.person(recognised.enterprise.representatives.get().user.email.split("@")[0])
    product = story.product(owner.email.split("@")[0])
    season = story.season()
    story.registration()
    dossier = story.eligible(owner.email.split("@")[0], product=product)
    seats = story.seats(3)
    story.declared(conflicts={1: [dossier]})
    from evaluations import actions

    actions.assign(season=season, by=story.secretary, at=story.tick())
    story.open_session()
    stranger = story.person("stranger")
    story.enterprise("stranger")
    root = story.person("root")
    root.is_superuser = root.is_staff = True
    root.save()
    letter, message = letters_of(owner, story, settings)
    recognition = Recognition.objects.get()
    published = PublishedList.objects.get()
    from dossiers.models import BulkAct, Phrase, SavedFilter, StaffNote

    by = {"changed_at": story.now, "changed_by_name": "x"}
    note = StaffNote.objects.create(dossier=dossier, text="x", written_at=story.now, written_by=story.officer)
    kept = Phrase.objects.create(words="một câu để thử", **by)
    ended = Phrase.objects.create(words="một câu để bỏ", **by)
    bulk = BulkAct.objects.create(act="take", done_at=story.now, done_by=story.officer, effects=[])
    saved = SavedFilter.objects.create(user=story.officer, name="x", query="stage=submitted", saved_at=story.now)
    comment = Comment.objects.create(list=published, name="x", contact="x", text="x", received_at=story.now)
    document = dossier.documents.first()
    wrong_import = a_wrong_import(story)
    return {
        "people": {
            "owner": owner,
            "stranger": stranger,
            "officer": story.officer,
            "secretary": story.secretary,
            "member": seats[0].user,
            "barred": seats[1].user,
            "it": story.person("it", Role.IT_OFFICER),
            "signatory": past.signatory,
            "root": root,
        },
        "values": {
            "public": {
                "pk": recognition.product_id,
                "slug": recognition.product.slug,
                "serial": Certificate.objects.get(kind="product").serial,
                "year": 2025,
            },
            "private": {
                "pk": Dossier.objects.get(pk=dossier.pk).pk,
                "year": 2026,
                "document": document.pk,
                "dossier": dossier.pk,
                "seat": seats[0].pk,
                "upload": an_upload(dossier, owner).pk,
            },
        },
        "special": {
            **{name: {"pk": letter} for name in ROWS if name.startswith("mail:")},
            **{name: EDITED_WORDS for name in ROWS if name.startswith("mail:text")},
            **{name: {"pk": message, "number": 1} for name in ROWS if name.startswith("mail:mailbox")},
            "public:enterprise": {
                "pk": recognition.product.enterprise_id,
                "slug": recognition.product.enterprise.slug,
            },
            "public:statistics_csv": {"name": "seasons"},
            "evaluations:ranking_csv": {"year": 2025},
            "analysis:reliability": {"year": 2025},
            "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
            "openid_connect_login": {"provider_id": "organisation"},
            "openid_connect_callback": {"provider_id": "organisation"},
            "dossiers:record": {"pk": dossier.enterprise_id},
            "dossiers:save_part": {"pk": dossier.pk, "part": "enterprise"},
            "dossiers:wallet": {"pk": dossier.enterprise_id},
            "dossiers:enterprise_history": {"pk": dossier.enterprise_id},
            "dossiers:desk_enterprise": {"pk": dossier.enterprise_id},
            "dossiers:desk_correct_enterprise": {"pk": dossier.enterprise_id},
            "enterprises:not_duplicate_undo": {"noted": 999_999},
            **_of_enterprise(story, dossier.enterprise, owner, stranger),
            "dossiers:track_code": {"code": Dossier.objects.get(pk=dossier.pk).track_code},
            "dossiers:document": {"pk": document.pk},
            "dossiers:remove_note": {"pk": dossier.pk, "note": note.pk},
            "dossiers:phrase": {"pk": kept.pk},
            "dossiers:end_phrase": {"pk": ended.pk},
            "dossiers:bulk_undo": {"pk": bulk.pk},
            "dossiers:remove_filter": {"pk": saved.pk},
            "evaluations:vacate_seat": {"year": 2026, "pk": seats[2].pk},
            "evaluations:seat": {"year": 2026, "pk": seats[0].pk},
            **issued_addresses(),
            **{f"decisions:{name}": {"year": 2025, "pk": recognition.pk} for name in ("revoke", "correct")},
            "decisions:reply": {"year": 2025, "pk": comment.pk},
            **reasons_addresses(recognised, dossier, story),
            **rubric_addresses(story),
            **paper_addresses(dossier, story),
            **meeting_addresses(dossier, seats, story),
            **appeal_addresses(recognised),
            **sheet_addresses(dossier, seats, story),
            **wall_addresses(dossier, seats[1].user, story),
            **log_addresses(),
            **honours_addresses(recognised.enterprise, recognition),
            **{f"exchange:{name}": {"kind": "enterprises"} for name in ("export", "template", "upload")},
            **{f"exchange:{name}": {"pk": wrong_import.pk} for name in ("import", "confirm", "errors")},
        },
    }


def issued_addresses() -> dict[str, dict[str, Any]]:
    """The certificates of last year, their batch and what machines read of them."""
    from certificates.models import Certificate

    one = Certificate.objects.get(kind="product")
    here = {"year": 2025, "pk": one.pk}
    return {
        "decisions:batch": {"year": 2025, "pk": one.batch_id},
        "decisions:preview_paper": here,
        "decisions:draft_paper": here,
        "decisions:thumbnail": here | {"sha256": one.draft_id},
        "decisions:archive": {"year": 2025},
        "status_list": {"number": 1},
        "achievement": {"year": 2025, "kind": "product"},
        "credential": {"serial": one.serial},
    }


def honours_addresses(enterprise: Any, recognition: Any) -> dict[str, dict[str, Any]]:
    """Last year's recognition with its certificate, its seal, and what its enterprise may take."""
    from certificates.models import Certificate

    serial = Certificate.objects.filter(recognition=recognition).exclude(file=None).order_by("pk")[0].serial
    own = {"pk": enterprise.pk, "recognition": recognition.pk}
    return {
        "seal": {"serial": serial},
        "honours:recognitions": {"pk": enterprise.pk},
        "honours:use": own,
        "honours:kit": own,
        "honours:press": own | {"language": "vi"},
        "honours:qr": own | {"serial": serial},
        "honours:lockup": own | {"name": "kip-hanoi-2025-vi-square-colour"},
    }


def meeting_addresses(dossier: Any, seats: list[Any], story: Story) -> dict[str, dict[str, Any]]:
    """A planned meeting that takes the dossier up, and a paper of last year's session."""
    from core import files
    from evaluations.models import ResultRun
    from meetings.actions import plan_meeting
    from meetings.models import PaperOrder, SessionDocument

    facts = {"season": dossier.season, "opens_at": story.now, "place": "x", "ballot": "open"}
    meeting = plan_meeting(**facts, by=story.secretary, at=story.tick())
    run = ResultRun.objects.get(season__year=2025)
    order = PaperOrder.objects.filter(run=run, kind="TT").latest("id")
    stored = files.name(files.put(b"%PDF-1.4"), size_bytes=8, media_type="application/pdf", at=story.now)
    paper = SessionDocument.objects.create(
        season=run.season, kind="TT", version=1, order=order, run=run, rubric_digest="0" * 64, result_digest="0" * 64,
        text_version=0, text_digest="0" * 64, fields={}, pdf=stored, docx=stored, made_at=story.now, made_by_name="x",
    )  # fmt: skip
    here, item = {"year": 2026, "number": meeting.number}, meeting.items.get(dossier=dossier).pk
    pages = ("run", "screen", "minutes", "prepare")
    return {
        **{f"meetings:{name}": here for name in pages},
        **{f"meetings:{name}": {"number": meeting.number} for name in ("attend", "own_minutes")},
        "meetings:agenda_act": here | {"act": "propose"},
        "meetings:item_act": here | {"item": item, "act": "call"},
        "meetings:seat_act": here | {"seat": seats[0].pk, "act": "in"},
        "meetings:vote": {"number": meeting.number, "item": item},
        "meetings:paper": {"pk": paper.pk, "face": "pdf"},
    }


def reasons_addresses(past: Any, running: Any, story: Story) -> dict[str, dict[str, Any]]:
    """A draft about last year's dossier, as if it had been left out, and a letter that its enterprise has."""
    from core import files
    from decisions.models import ReasonsLetter
    from decisions.reasons import compose
    from decisions.reasons_record import facts_of
    from evaluations.models import ResultRun
    from registry.models import Decision

    run = ResultRun.objects.select_related("season__rubric").get(season__year=2025)
    facts = facts_of(run, Decision.objects.get(season_year=2025), [past])[past.pk]
    said = {"content": compose(facts).plain(), "record_digest": facts.record_digest(), "drafted_at": story.now}
    draft = ReasonsLetter.objects.create(dossier=past, run=run, **said)
    stored = files.name(files.put(b"%PDF-1.4"), size_bytes=8, media_type="application/pdf", at=story.now)
    approved = {"state": "approved", "approved_by": story.secretary, "approved_at": story.now}
    ReasonsLetter.objects.create(dossier=running, run=run, file=stored, released_at=story.now, **approved, **said)
    here = {"year": 2025, "pk": draft.pk}
    pages = ("reasons_letter", "reasons_edit", "reasons_pdf")
    return {"decisions:reasons": {"year": 2025}, **{f"decisions:{name}": here for name in pages}}


def appeal_addresses(dossier: Any) -> dict[str, dict[str, Any]]:
    """The result of last year, and an appeal about it."""
    from evaluations.models import Appeal, ResultRun

    run = ResultRun.objects.get(season__year=2025)
    day = run.computed_at.date()
    facts = {"received_on": day, "lodge_until": day, "answer_until": day, "grounds": "x", "lodged_by_name": "x"}
    appeal = Appeal.objects.create(dossier=dossier, run=run, lodged_at=run.computed_at, **facts)
    return {
        "evaluations:ranking_xlsx": {"year": 2025},
        "evaluations:order_run": {"year": 2025},
        "evaluations:appeals": {"year": 2025},
        "evaluations:appeal": {"year": 2025, "pk": appeal.pk},
        "evaluations:decide_appeal": {"year": 2025, "pk": appeal.pk},
        "evaluations:decision_bundle": {"year": 2025, "number": 1},
        "evaluations:run_difference": {"year": 2025, "first": 1, "second": 1},
    }


def rubric_addresses(story: Story) -> dict[str, dict[str, Any]]:
    """The published criteria, and a copy that is being written."""
    from programme.rubric_actions import start_draft

    rubric = story.rubric()
    draft = start_draft(content=rubric.content, based_on=rubric, by=story.officer, at=story.tick())
    read = {f"programme:{name}": {"pk": rubric.pk} for name in ("rubric", "rubric_export")}
    names = ("rubric_draft", "draft_judge", "draft_export", "draft_make", "draft_discard")
    return read | {f"programme:{name}": {"pk": draft.pk} for name in names}


def an_upload(dossier: Any, owner: Any) -> Any:
    """A file of the owner's that has not arrived."""
    return dossier.uploads.create(
        paper="awards", name="x.pdf", size_bytes=1, begun_by=owner, begun_at=dossier.changed_at, fingerprint="x"
    )


def sheet_addresses(dossier: Any, seats: Any, story: Story) -> dict[str, dict[str, Any]]:
    """A workbook that the member has uploaded, and a sheet of an absent colleague that waits for a second person."""
    from django.core import signing

    from dossiers.models import Dossier
    from evaluations import actions, queries, sheet_book
    from evaluations.actions.workbooks import keep_workbook
    from evaluations.answers import Answer
    from evaluations.views.sheet_xlsx import SALT

    dossier = Dossier.objects.get(pk=dossier.pk)
    desks = [task.desk for task in queries.tasks(seats[0])]
    content = sheet_book.workbook(seats[0], desks)
    kept = keep_workbook(seat=seats[0], content=content, desks=desks, by=seats[0].user, at=story.tick())
    codes = queries.desk_of(seats[2], dossier).asked.held
    entered = actions.enter_sheet(
        seat=seats[2],
        dossier=dossier,
        answers={code: Answer(abstains=True, why="x") for code in codes},
        scan=b"%PDF-1.4 x",
        media_type="application/pdf",
        by=story.secretary,
        at=story.tick(),
    )
    return {
        "evaluations:sheet_differences": {"token": signing.dumps({"file": kept, "seat": seats[0].pk}, salt=SALT)},
        "evaluations:enter_sheet": {"year": 2026, "seat": seats[2].pk, "dossier": dossier.pk},
        "evaluations:confirm_entry": {"year": 2026, "pk": entered.pk},
        "evaluations:entry_scan": {"year": 2026, "pk": entered.pk},
    }


def wall_addresses(dossier: Any, barred: Any, story: Story) -> dict[str, dict[str, Any]]:
    """A conflict and an emergency of the IT officer's, a conflict of a member that the secretary says is none, and a
    notice of the machine."""
    from dossiers import actions
    from dossiers.models import Conflict, LikelyConflict

    it = story.person("it", Role.IT_OFFICER)
    own = actions.declare_conflict(dossier=dossier, kind="family", by=it, at=story.tick())
    glass = actions.ask_to_open(conflict=own, reason="x", by=it, at=story.tick())
    standing = Conflict.objects.get(user=barred)
    actions.ask_to_lift(conflict=standing, reason="x", by=story.secretary, at=story.tick())
    noticed = LikelyConflict.objects.create(
        user=story.officer, dossier=dossier, signal="name", score=70, ours="x", theirs="x", found_at=story.now
    )
    return {
        "evaluations:emergency": {"pk": own.pk},
        "evaluations:answer_opening": {"pk": glass.pk},
        "evaluations:answer_lift": {"pk": standing.pk},
        "evaluations:ask_lift": {"year": 2026, "pk": standing.pk},
        "evaluations:judge_likely": {"year": 2026, "pk": noticed.pk},
    }


def log_addresses() -> dict[str, dict[str, Any]]:
    """The day is over: the log has a root, and its first entry a proof."""
    from datetime import timedelta

    from core.models import AuditEvent
    from ledger import actions, queries, statement

    last = AuditEvent.objects.latest("seq")
    day = last.at.date() + timedelta(days=1)
    actions.enter_events(size=last.seq, at=last.at)
    root = merkle.root_of([merkle.leaf_hash(entry) for _, entry in queries.entries(1, last.seq)]).hex()
    said = {"log": "x", "day": day, "size": last.seq, "root": root, "previous": "", "made_at": last.at}
    actions.close_day(day=day, signed=statement.document(**said), proof_of_time="", missing={}, at=last.at)
    return {"ledger:proof": {"number": 1}}


def paper_addresses(dossier: Any, story: Story) -> dict[str, dict[str, Any]]:
    """A receipt that was made, the form that could be made next, and the book."""
    from onestop.actions import make_form

    made = make_form(form="01", dossier=dossier, by=story.officer, at=story.tick())
    return {
        "onestop:form": {"pk": dossier.pk, "form": "06"},
        "onestop:made": {"pk": made.pk},
        "onestop:file": {"pk": made.pk, "face": "pdf"},
        "onestop:book_file": {"face": "xlsx"},
        "onestop:text": {"form": "01"},
        "onestop:text_restore": {"form": "01"},
    }


EDITED_WORDS = {"code": "account_unknown", "language": "vi"}


def letters_of(user: Any, story: Story, settings: Any) -> tuple[int, int]:
    """A letter in the outbox and the same letter in the demonstration's mailbox."""
    from django.core.mail import get_connection

    from mail.actions import post
    from mail.kinds import CalendarEntry
    from mail.models import DemoMessage
    from mail.sending import message_of

    settings.LOAD_DEMO = True
    letter = post(
        kind="account_sign_in_code",
        to=user,
        context={"code": "x"},
        key="access",
        at=story.now,
        calendar=CalendarEntry("x", story.now.date()),
    )
    get_connection("mail.backends.DemoMailbox").send_messages([message_of(letter)])
    return letter.pk, DemoMessage.objects.get().pk


def _of_enterprise(story: Story, enterprise: Any, owner: Any, stranger: Any) -> dict[str, dict[str, Any]]:
    """The pages of an enterprise, each with a row that is there."""
    from enterprises import actions
    from tests.story import tax_code

    site = actions.add_site(enterprise=enterprise, by=owner, at=story.tick(), street="1", ward=enterprise.ward)
    invitation = actions.invite(
        enterprise=enterprise, email="invited@kip.test", role="reads", is_consultant=False, language="vi", by=owner,
        at=story.tick(),
    )  # fmt: skip
    asked = actions.ask_to_join(enterprise=enterprise, by=stranger, at=story.tick())
    own, pk = {"pk": enterprise.pk}, enterprise.pk
    person = enterprise.representatives.get(user=owner).pk
    return {
        "enterprises:add_facts": {"code": tax_code(90)},
        "enterprises:registration_link": {"token": "forged"},
        "enterprises:invitation_link": {"token": "forged"},
        "enterprises:people": own,
        "enterprises:sites": own,
        "enterprises:person_end": {"pk": pk, "person": person},
        "enterprises:person_role": {"pk": pk, "person": person},
        "enterprises:site": {"pk": pk, "site": site.pk},
        "enterprises:site_end": {"pk": pk, "site": site.pk},
        "enterprises:invitation_again": {"pk": pk, "invitation": invitation.pk},
        "enterprises:invitation_withdraw": {"pk": pk, "invitation": invitation.pk},
        "enterprises:answer_request": {"pk": pk, "asked": asked.pk},
    }


def address_of(name: str, world: dict[str, Any]) -> str:
    """The address with the values its pattern asks for."""
    given = world["special"].get(name) or world["values"]["public" if name.startswith("public:") else "private"]
    for keys in (given, {}):
        wanted = dict(keys)
        while True:
            try:
                return reverse(name, kwargs=wanted)
            except Exception:
                if not wanted:
                    break
                names = _parameters(name)
                wanted = {key: value for key, value in wanted.items() if key in names}
                try:
                    return reverse(name, kwargs=wanted)
                except Exception:
                    break
    raise AssertionError(f"no address for {name}")


def _parameters(name: str) -> set[str]:
    space, _, bare = name.rpartition(":")
    resolver = get_resolver()
    if space:
        resolver = resolver.namespace_dict[space][1]
    return {key for entry in resolver.reverse_dict.getlist(bare) for key in entry[0][0][1]}


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_address_answers_each_role_as_the_table_says(world, language):
    wrong = []
    with translation.override(language):
        paths = {name: address_of(name, world) for name in ROWS}
    for who in sorted(EVERYBODY):
        client = Client()
        if who != "visitor":
            client.force_login(world["people"][who])
        for name, (allowed, how) in ROWS.items():
            if name in NOT_ASKED:
                continue
            cache.clear()
            response = client.get(paths[name]) if how == "GET" else client.post(paths[name])
            location = response.headers.get("Location", "")
            to_sign_in = response.status_code == 302 and ("/dang-nhap/" in location or "sign-in" in location)
            if who in allowed:
                fine = response.status_code in (200, 301, 302, 409) and not to_sign_in
            elif who == "visitor":
                fine = to_sign_in
            else:
                fine = response.status_code == 404
            if not fine:
                wrong.append(f"{who} {how} {paths[name]} ({name}): {response.status_code}")
    assert wrong == [], "\n".join(wrong)
