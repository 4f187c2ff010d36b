"""Which form a season's certificates are made with."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certificates import form_file
from certificates.models import PaperForm
from core import audit
from core.errors import Refused

SHIPPED = Path(__file__).parent / "forms"


@transaction.atomic
def load_form(*, text: str, by: Any, at: datetime) -> tuple[PaperForm, bool]:
    """Keep the form of a file; True when it is new. Raises Refused with everything that is wrong, or when another
    form has its code: a changed form needs a new code."""
    try:
        form = form_file.parse(text)
    except form_file.UnsoundForm as unsound:
        raise Refused(list(unsound.problems)) from None
    known = PaperForm.objects.filter(digest=form.digest).first()
    if known is not None:
        return known, False
    if PaperForm.objects.filter(code=form.code).exists():
        raise Refused(_("Another form has the code %(code)s. Give the changed one a new code.") % {"code": form.code})
    kept = PaperForm.objects.create(
        code=form.code,
        from_year=form.from_year,
        content=json.loads(text),
        digest=form.digest,
        loaded_at=at,
        loaded_by_name=str(by) if by is not None else audit.SYSTEM,
    )
    audit.record("form.loaded", kept, by=by, at=at, digest=form.digest, from_year=form.from_year)
    return kept, True


def form_for(season_year: int, *, at: datetime) -> PaperForm:
    """The newest form that begins with this season or before it. The shipped ones are loaded when they are first
    needed. Raises Refused when no form covers the season."""
    for path in sorted(SHIPPED.glob("*.json")):
        if not PaperForm.objects.filter(code=path.stem).exists():
            load_form(text=path.read_text(), by=None, at=at)
    found = PaperForm.objects.filter(from_year__lte=season_year).first() or PaperForm.objects.last()
    if found is None:
        raise Refused(_("There is no form for the certificates of %(year)s.") % {"year": season_year})
    return found


def read(form: PaperForm) -> form_file.PaperForm:
    """The form ready for the press; parsed once per process."""
    return _read(form.digest, json.dumps(form.content))


@lru_cache(maxsize=16)
def _read(digest: str, text: str) -> form_file.PaperForm:
    return form_file.parse(text)
