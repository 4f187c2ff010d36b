"""The verifier that works without us: its scripts, its words, its style, and what it keeps of keys and list.

The same scripts run in the live page, where a worker keeps them, and inline in each page of an exported copy.
"""

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.ui import ICONS

# Each file answers one question; the later ones ask the earlier ones.
CHECKING = ("multibase", "cbor", "p256", "keys", "token", "jcs", "statement", "status", "judge")
LIVE = (*CHECKING, "camera", "keep", "page")
COPIED = (*CHECKING, "register", "camera", "page")
STYLES = ("css/tokens.css", "css/slip.css", "css/verifier.css")
WORKER = "js/verifier/worker.js"
DRAWN = ("check", "cross", "clock", "edit", "warning")


def script_paths() -> list[str]:
    return [f"js/verifier/{name}.js" for name in LIVE]


def _source(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def script() -> str:
    """All scripts of an exported page as one, without comments and indents; none of them has a text of several
    lines, so that lines may be treated alone."""
    lines = "\n".join(_source(f"js/verifier/{name}.js") for name in COPIED).splitlines()
    bare = (line.strip() for line in lines)
    return "\n".join(line for line in bare if line and not line.startswith("//"))


@lru_cache(maxsize=1)
def style() -> str:
    """All styles of an exported page as one, without comments and without fonts that would have to be fetched."""
    text = "\n".join(_source(path) for path in STYLES)
    text = re.sub(r"/\*.*?\*/|@font-face\s*\{.*?\}", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).strip()


def inline() -> dict[str, SafeString | str]:
    """The elements of an exported page, and a policy that lets it run these and ask nobody for anything."""
    return {
        "style_element": mark_safe(f"<style>{style()}</style>"),  # noqa: S308
        "script_element": mark_safe(f"<script>{script()}</script>"),  # noqa: S308
        "policy": "default-src 'none'; "
        f"script-src {_hash(script())}; style-src {_hash(style())}; img-src data: blob:; media-src blob:; "
        "connect-src 'none'; form-action 'none'; base-uri 'none'",
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def worker_script() -> str:
    """The service worker with the addresses it keeps."""
    kept = {"pages": pages(), "keys": reverse("key_history"), "list": reverse("status_list", args=[1])}
    return f"const KIP = {json.dumps(kept)};\n{_source(WORKER)}"


def pages() -> dict[str, str]:
    """The offline page by language."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = reverse("public:offline")
    return found


def worker_path() -> str:
    """One address for all languages: two workers for the same pages would take turns."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("public:offline_worker")


def scopes() -> str:
    """What the worker answers for: the addresses in QR codes and the offline page; no other page of the site."""
    return " ".join(["/v/", "/en/v/", *pages().values()])


def words() -> dict[str, Any]:
    """Everything the scripts say, in the language of the moment. `{name}` stands for a value."""
    return {
        "verdicts": _verdicts(),
        "reasons": _reasons(),
        "icons": {name: ICONS[name] for name in DRAWN},
        "number": pgettext("certificate", "Number"),
        "kind": pgettext("certificate", "Kind"),
        "one_product": _("Key industrial product"),
        "top10": _("Top 10 key industrial products"),
        "product": _("Product"),
        "enterprise": _("Enterprise"),
        "decision": _("Decision"),
        "decision_of": _("{number} of {day}"),
        "period": _("Period of recognition"),
        "made": _("Code made on"),
        "demo": _("Demonstration. This certificate, its product and its maker are invented."),
        "not_known": _("What this check does not know"),
        "compare": _(
            "Whether the paper before you says the same: compare number, product, enterprise, decision and dates "
            "letter by letter. A genuine code can be copied onto a false paper."
        ),
        "since": _("What happened after {as_of}, the moment of the list that is kept here."),
        "shortened": _("The end of a long name: where it ends with “…”, the paper says more."),
        "source": _(
            "Whether this checker itself is genuine. Take it from the site of the Department or from a hand you "
            "trust, never from an address that came with the paper."
        ),
        "clock_is_behind": _("What day it is: the clock of this device is behind, for the list is newer than it."),
        "other_host": _("The code leads to {host}, not to {ours}. Do not open that address."),
        "number_only": _(
            "Below stands what the register knew of this number. It does not make the paper before you genuine."
        ),
        "ask_register": _("See the page of this number"),
        "no_camera": _("The camera cannot be used. Paste the text of the code instead."),
        "no_code": _("No QR code was found in the picture."),
        "kept": _("Kept on this device: the keys and the list of {as_of}. Checking works without a network."),
        "kept_without": _("Kept on this device: the keys. The list of withdrawn certificates could not be kept."),
        "not_kept": _("This browser keeps nothing for later: without a network this page will not open here."),
        **_copy_words(),
    }


def _copy_words() -> dict[str, Any]:
    return {
        "copy_choose": _("Choose the file register.json of this copy."),
        "copy_altered": _("This file is not an unaltered copy of the register. Believe nothing in it."),
        "copy_holds": _("The signature holds: the register as of {as_of}, {count} certificates, unaltered."),
        "copy_unknown": _("This copy holds no certificate with that number."),
        "copy_mistyped": _("This number is mistyped: its characters do not fit together. Compare it with the paper."),
        "copy_never_issued": _("No paper was ever issued under this number. A paper that bears it is not genuine."),
        "copy_says": _("{serial}: {product}, {enterprise}. {status} at that moment."),
        "copy_replaced": _("{serial}: {product}, {enterprise}. {status} at that moment; {other} stands in its place."),
        "statuses": {
            "valid": pgettext("certificate", "Valid"),
            "expired": pgettext("certificate", "Expired"),
            "revoked": pgettext("certificate", "Revoked"),
            "replaced": pgettext("certificate", "Replaced"),
            "not_yet": pgettext("recognition", "Not yet in force"),
        },
    }


def _verdicts() -> dict[str, tuple[str, str]]:
    forged = _("Altered or forged")
    return {
        "genuine": (
            _("Genuine, not withdrawn"),
            _("The signature of the city holds, and the list of {as_of} names no withdrawal."),
        ),
        "status_unknown": (_("Genuine; withdrawn or not is unknown"), ""),
        "revoked": (
            _("Withdrawn or replaced"),
            _(
                "The signature is genuine, but by the list of {as_of} this certificate counts no more. "
                "The page of the number says since when and why."
            ),
        ),
        "expired": (
            pgettext("certificate", "Expired"),
            _("The certificate is genuine, but by the clock of this device its recognition ended on {expires}."),
        ),
        "not_yet": (
            _("Not yet valid"),
            _("The certificate is genuine, but its recognition begins on {not_before}."),
        ),
        "altered": (forged, _("The signature does not belong to this content. Do not trust the paper.")),
        "mismatch": (
            forged,
            _("The address names {beside}, but the signature was made for {serial}. Do not trust the paper."),
        ),
        "not_a_token": (
            _("Not the code of a certificate"),
            _(
                "What was read holds no signed code of ours, or only a part of one. Read the QR code once more; "
                "if the answer stays the same, do not trust the paper."
            ),
        ),
        "unknown_key": (
            _("The key is not known here"),
            _(
                "The code names a key that this checker does not hold: the key is newer than what is kept here, or "
                "the code is forged. Check once more with a network."
            ),
        ),
        "no_keys": (
            _("Nothing is kept here yet"),
            _("This device holds no keys to check with. Open this page once with a network."),
        ),
        "no_crypto": (
            _("This browser cannot check here"),
            _("It checks signatures only on https addresses and in files on the device. Open the page that way."),
        ),
    }


def _reasons() -> dict[str, str]:
    """More exact sentences, by verdict and reason."""
    genuine = _("The signature of the city holds.")
    wrong_time = _("It bears the signature of a key at a time when that key did not sign for the city.")
    unknown = {
        "old_list": _("The list kept here is of {as_of}; a list counts for seven days. Ask again with a network."),
        "no_list": _("No list of withdrawn certificates is kept here. Ask again with a network."),
        "bad_list": _("The list kept here is not as it was signed, so nothing it says is believed."),
        "old_browser": _("This browser cannot read the list of withdrawn certificates; use a newer one."),
    }
    faults = ("before_key", "after_key", "key_retired")
    return {
        **{f"status_unknown.{why}": f"{genuine} {sentence}" for why, sentence in unknown.items()},
        **{f"altered.{code}": wrong_time for code in faults},
        "altered.key_compromised": _(
            "The key that signed it came into strange hands, and nothing it signed since then is believed."
        ),
    }
