"""Every page of the site that a person can open, who opens it, and what must stand in the database for it."""

import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from django.utils import translation
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import second_factor, totp
from dossiers import talk
from tests.dossiers.test_transcribe import asked
from tests.story import Story
from tests.test_access import ROWS, address_of

# Who opens which addresses; names as in tests/test_access.py. After the sign "@" stands the dossier that is shown,
# a key of `dossiers_of`; without one it is the dossier before the council.
BY_PERSON: dict[str, str] = {
    "visitor": """
        public:home public:directory public:product public:enterprises public:enterprise public:seasons public:season
        public:season_thanks public:statistics public:verify public:ask public:certificate public:help public:offline
        terms ledger:log ledger:check
        accounts:sign_in accounts:register accounts:signed_out account_login account_signup account_reset_password
        account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done
        dossiers:track dossiers:track_code mail:mailbox mail:mailbox_message mail:mailbox_html
    """,
    "owner": """
        core:kit accounts:account account_change_password account_reauthenticate mfa_index mfa_activate_totp
        mfa_add_webauthn usersessions_list socialaccount_connections
        enterprises:mine enterprises:add enterprises:add_facts enterprises:people enterprises:person_end
        enterprises:sites enterprises:site
        dossiers:mine dossiers:new dossiers:record dossiers:wallet dossiers:enterprise_history
        dossiers:dossier@draft dossiers:eligibility@draft dossiers:enterprise_part@draft dossiers:product_part@draft
        dossiers:figures@draft dossiers:papers@draft dossiers:remove_document@draft
        dossiers:selfmarks@draft dossiers:undertakings@draft dossiers:review@draft dossiers:print_draft@draft
        dossiers:dossier@empty dossiers:review@empty dossiers:figures@empty dossiers:papers@empty
        dossiers:supplement@asked dossiers:papers@asked dossiers:follow@asked dossiers:withdraw@submitted
        dossiers:receipt@submitted dossiers:follow@submitted dossiers:messages@submitted dossiers:follow
        onestop:own onestop:made honours:recognitions honours:use
    """,
    "officer": """
        mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes mfa_edit_webauthn mfa_remove_webauthn
        mfa_reauthenticate mfa_reauthenticate_webauthn
        dossiers:desk dossiers:desk_new dossiers:desk_supplement dossiers:desk_overdue dossiers:desk_all
        dossiers:check dossiers:check@checking dossiers:check@asked dossiers:check@paper dossiers:desk_inbox
        dossiers:desk_messages@submitted dossiers:special_days dossiers:special_days_year dossiers:changes
        dossiers:phrases dossiers:phrase dossiers:ask_supplement@checking dossiers:refuse@checking
        dossiers:extend_supplement@asked dossiers:transcribe@paper dossiers:answer_on_paper@paper_asked
        dossiers:withdraw_on_paper@paper dossiers:desk_enterprises dossiers:desk_enterprise
        dossiers:desk_correct_enterprise enterprises:duplicates
        programme:season_desk programme:season_new programme:rubrics programme:rubric programme:rubric_draft
        analysis:laboratory evaluations:progress evaluations:ranking evaluations:run_difference evaluations:appeals
        evaluations:appeal evaluations:confirm_entry decisions:comments
        decisions:decision decisions:certificates decisions:revoke
        exchange:excel exchange:import onestop:receive onestop:form onestop:forms onestop:book onestop:apologies
        onestop:texts onestop:text mail:outbox mail:letter mail:letter_html mail:texts mail:text mail:text_preview
    """,
    "secretary": """
        programme:scoring_window evaluations:council evaluations:assignment evaluations:assignment_cell
        evaluations:seat
        evaluations:enter_sheet evaluations:own_conflicts evaluations:conflicts evaluations:ask_lift
        evaluations:likely evaluations:judge_likely
        analysis:reliability evaluations:checks
        meetings:meetings meetings:prepare meetings:run meetings:screen meetings:minutes meetings:papers
        decisions:reasons decisions:reasons_letter decisions:reasons_edit decisions:correct decisions:certificates
    """,
    "signatory": """
        decisions:to_sign
    """,
    "it": """
        evaluations:emergency
    """,
    "member": """
        evaluations:queue evaluations:interests evaluations:sheet evaluations:own_review evaluations:sheet_excel
        evaluations:sheet_differences evaluations:declare_conflict analysis:mine
        meetings:own meetings:attend meetings:own_minutes
    """,
}
# Looked at in a walk of its own, because one gets there only by the step before.
BY_WALKING = {
    "enterprises:registration_sent",
    "enterprises:registration_link",
    "enterprises:registration",
    "enterprises:invitation_link",
    "enterprises:invitation",
    "mfa_authenticate",
}
NOT_A_PAGE = {
    "livez": "one word for the watchdog",
    "readyz": "JSON for the watchdog",
    "public:robots": "text for robots",
    "public:sitemap": "XML for robots",
    "public:statistics_csv": "a CSV file",
    "public:rubric_file": "a JSON file",
    "programme:rubric_export": "a JSON file",
    "programme:draft_export": "a JSON file",
    "public:certificate_pdf": "a PDF, tagged for readers (pdf/a-3a)",
    "seal": "a picture for other sites (tests/honours/test_seal.py)",
    "honours:kit": "a ZIP file",
    "honours:press": "plain text",
    "honours:qr": "a picture",
    "honours:lockup": "a picture",
    "public:signed_answer": "a JSON file, or the page that asks",
    "public:offline_worker": "a script for the browser",
    "key_history": "JSON for verifiers",
    "status_list": "JSON for verifiers",
    "achievement": "JSON for verifiers",
    "credential": "JSON for verifiers",
    "ledger:proof": "JSON for verifiers",
    "ledger:roots": "JSON for verifiers",
    "ledger:keys": "JSON for verifiers",
    "ledger:leaves": "text for verifiers",
    "ledger:consistency": "JSON for verifiers",
    "ledger:time_stamp_roots": "certificates for verifiers",
    "ledger:script": "a Python file",
    "decisions:preview_paper": "a PDF, tagged for readers (pdf/a-3a)",
    "decisions:draft_paper": "a PDF, tagged for readers (pdf/a-3a)",
    "decisions:thumbnail": "a picture",
    "mail:mailbox_attachment": "a calendar file",
    "dossiers:document": "a file of the enterprise, as attachment",
    "dossiers:receipt_pdf": "a PDF, tagged for readers (pdf/ua-1)",
    "dossiers:save_part": "JSON for the page that saves itself",
    "dossiers:papers_scans": "JSON for the page of the papers",
    "dossiers:figures_view": "a piece of dossiers:figures, fetched by it and looked at there",
    "dossiers:figures_sheet": "an Excel file",
    "dossiers:list_age": "JSON for the worklist",
    "decisions:register": "a CSV file",
    "decisions:archive": "a ZIP file, or the certificates page with the reason",
    "decisions:reasons_pdf": "a PDF, tagged for readers (pdf/ua-1)",
    "decisions:own_reasons": "a PDF, tagged for readers (pdf/ua-1)",
    "evaluations:ranking_csv": "a CSV file",
    "evaluations:ranking_xlsx": "an Excel file",
    "evaluations:decision_bundle": "a JSON file for the replay",
    "evaluations:sheet_workbook": "an Excel file",
    "evaluations:assignment_xlsx": "an Excel file",
    "evaluations:entry_scan": "a file from the scanner",
    "evaluations:correct_sheet": "stands only over a signed sheet (tests/browser/test_sheet.py)",
    "exchange:errors": "an Excel file",
    "meetings:paper": "a PDF or DOCX file",
    "exchange:export": "an Excel file",
    "exchange:template": "an Excel file",
    "onestop:file": "a PDF or DOCX file",
    "onestop:book_file": "an Excel or PDF file",
    "accounts:home": "leads everybody to their own work",
    "account_set_password": "leads to the change of the password: every account has one",
    "mfa_login_webauthn": "the question of the browser's own dialogue; leads back to the sign-in page",
    "socialaccount_signup": "stands only between an identity provider and here (tests/accounts/test_identity.py)",
    "openid_connect_login": "leads to the identity provider",
    "openid_connect_callback": "comes from the identity provider and leads on",
}
# Letters stand in a sandbox without scripts, where axe cannot run: the same document is looked at outside of it.
SEALED = {"mail:mailbox_html", "mail:letter_html", "mail:text_preview"}
# Pages that do the most, looked at in all four combinations of theme and language.
HEAVY = {
    "public:home", "public:product", "dossiers:mine", "dossiers:dossier@draft", "dossiers:figures@draft",
    "dossiers:papers@draft", "dossiers:review@empty", "dossiers:supplement@asked", "dossiers:desk", "dossiers:check",
    "dossiers:ask_supplement@checking", "evaluations:sheet", "evaluations:assignment", "evaluations:ranking",
    "enterprises:people", "onestop:receive",
}  # fmt: skip


def listed() -> set[str]:
    return {entry.partition("@")[0] for entries in BY_PERSON.values() for entry in entries.split()}


def without_a_place() -> set[str]:
    """Addresses of the table that answer GET and stand nowhere here."""
    asked_for = {name for name, (_who, how) in ROWS.items() if how == "GET"}
    return asked_for - listed() - BY_WALKING - set(NOT_A_PAGE)


def dossiers_of(world: dict[str, Any], story: Story) -> dict[str, Any]:
    """The owner's dossiers in every state that has a page of its own, and two from the counter."""
    owner = world["people"]["owner"].email.split("@")[0]
    found = {
        "draft": story.complete(owner),
        "empty": story.draft(owner),
        "asked": story.supplement(owner),
        "submitted": story.submitted(owner),
        "checking": story.checking(owner),
        "paper": story.on_paper(),
        "paper_asked": asked(story),
    }
    writes = {"dossier": found["submitted"], "at": story.tick()}
    talk.write(text="Khi nào có kết quả ạ?", by=world["people"]["owner"], **writes)
    return found


def with_second_steps(user: Any) -> str:
    """An authenticator app, a passkey and codes for the day when both are lost."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    Authenticator.objects.filter(user=user).delete()
    secret = totp.random_secret()
    sealed = second_factor.MfaAdapter().encrypt(secret)
    Authenticator.objects.create(user=user, type="totp", data={"secret": sealed})
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Máy cơ quan", "credential": _passkey()})
    RecoveryCodes.activate(user)
    return secret


def _passkey() -> dict[str, Any]:
    """What a device hands over when a passkey is made."""
    identity = b"may-co-quan-0001"
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(Aaguid.NONE, identity, public),
    )
    client = CollectedClientData.create("webauthn.create", b"0" * 32, "http://localhost")
    return {
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def addresses(language: str, world: dict[str, Any], dossiers: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who, entry and address of every page in a language."""
    key = Authenticator.objects.get(user=world["people"]["officer"], type="webauthn").pk
    world["special"] |= {name: {"pk": key} for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")}
    found = []
    with translation.override(language):
        for who, entries in BY_PERSON.items():
            for entry in entries.split():
                name, _, state = entry.partition("@")
                found.append((who, entry, address_of(name, _shown(world, dossiers[state]) if state else world)))
    return found


def _shown(world: dict[str, Any], dossier: Any) -> dict[str, Any]:
    document = dossier.documents.first()
    private = world["values"]["private"] | {"pk": dossier.pk, "document": document.pk if document else 0}
    return world | {"special": {}, "values": world["values"] | {"private": private}}


def session_of(user: Any) -> str:
    """A session as signing in leaves it behind, second step included."""
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)
