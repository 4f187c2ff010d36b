"""The documents of a dossier in their slots."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import uploads
from core.errors import Refused
from dossiers import actions, words
from dossiers.models import Defect, Document, Dossier
from dossiers.papers import BY_CODE, Paper, asked_on
from dossiers.views.applicant.part import context_of
from dossiers.views.applicant.stages import open_request
from dossiers.views.applicant.whose import editable_dossier


@dataclass(frozen=True)
class Slot:
    """One paper, the files it holds now, and why the last ones were refused."""

    paper: Paper
    name: str
    hint: str
    required: bool
    files: list[Document]
    errors: list[str] = field(default_factory=list)
    asked: list[Defect] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.paper.code


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def papers(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The slots of the track; each takes its files by itself."""
    errors: list[str] = []
    code = ""
    if request.method == "POST":
        code = request.POST.get("paper", "")
        if code not in {paper.code for paper in asked_on(dossier.track)}:
            raise Http404
        kept, errors = _take_in(request, dossier, BY_CODE[code])
        if kept:
            messages.success(
                request, ngettext("%(n)s file is attached.", "%(n)s files are attached.", kept) % {"n": kept}
            )
        if not errors:
            return redirect(f"{reverse('dossiers:papers', kwargs={'pk': dossier.pk})}#slot-{code}")
    context = context_of(dossier, "papers")
    context |= {
        "slots": slots_of(dossier, code, errors),
        "problems": [(f"#slot-{code}", error) for error in errors],
        "accept": uploads.ACCEPT,
    }
    return render(request, "dossiers/papers.html", context)


def _take_in(request: HttpRequest, dossier: Dossier, paper: Paper) -> tuple[int, list[str]]:
    """Attach every file that passes; the others are told by name. How many were kept, and why not the rest."""
    given = request.FILES.getlist("files")
    if not given:
        return 0, [_("Choose a file first.")]
    if len(given) > 1 and not paper.several:
        return 0, [_("This slot takes one file. Choose one, or join them into one PDF.")]
    kept, errors = 0, []
    for upload in given:
        try:
            _attach(upload, dossier, paper, request.user)
            kept += 1
        except Refused as refused:
            errors += [f"{uploads.clean_name(upload.name or '')}: {reason}" for reason in refused.reasons]
    return kept, errors


def _attach(upload: UploadedFile, dossier: Dossier, paper: Paper, user: Any) -> None:
    checked = uploads.check(upload)
    actions.attach(
        dossier=dossier,
        paper=paper.code,
        name=checked.name,
        content=checked.content,
        media_type=checked.media_type,
        by=user,
        at=timezone.now(),
    )


def slots_of(dossier: Dossier, code: str = "", errors: Sequence[str] = ()) -> list[Slot]:
    """From fresh rows: files may have come in during this very request."""
    held: dict[str, list[Document]] = {}
    for document in dossier.documents.filter(removed_at=None).select_related("file").order_by("uploaded_at"):
        held.setdefault(document.paper, []).append(document)
    request = open_request(dossier)
    defects = list(request.defects.all()) if request else []
    return [
        Slot(
            paper=paper,
            name=str(words.PAPER_NAMES[paper.code]),
            hint=str(words.PAPER_HINTS[paper.code]),
            required=dossier.track in paper.required_on,
            files=held.get(paper.code, []),
            errors=list(errors) if paper.code == code else [],
            asked=[defect for defect in defects if defect.part == paper.code],
        )
        for paper in asked_on(dossier.track)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def remove_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    """Ask once, then take the file out of its slot."""
    found = dossier.documents.filter(pk=document).select_related("file").first()
    if found is None:
        raise Http404
    back = f"{reverse('dossiers:papers', kwargs={'pk': dossier.pk})}#slot-{found.paper}"
    if found.removed_at is not None:
        return redirect(back)
    if request.method == "POST":
        actions.remove_document(document=found, by=request.user, at=timezone.now())
        messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
        return redirect(back)
    context = {"dossier": dossier, "document": found, "paper": words.PAPER_NAMES[found.paper], "back": back}
    return render(request, "dossiers/remove_document.html", context)
