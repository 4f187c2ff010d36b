"""The matrix of the assignment as a workbook: out, a look at what would change, and in."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require
from core import vietnamese
from core.errors import Refused
from core.uploads import XLSX
from core.xlsx.reading import open_upload
from evaluations import actions, panel_sheet, queries
from evaluations.models import Council
from evaluations.views.assigning import TOKEN_SECONDS, show
from evaluations.views.common import page, season_of
from programme.models import Season


@never_cache
@require_GET
def workbook(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    council = get_object_or_404(Council, season=season)
    content = panel_sheet.workbook(season, council, for_user=request.user)
    word = slugify(vietnamese.fold(pgettext("file name", "assignment")))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{word}-{season.year}.xlsx"'
    return answer


@never_cache
@require_POST
def bring_in(request: HttpRequest, year: int) -> HttpResponse:
    """With a file: what it would change. With the token of such a look: write it."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    council = get_object_or_404(Council.objects.select_related("season"), season=season)
    if "plan" in request.POST:
        return _confirm(request, season)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused(_("Choose a workbook first."))
        found = panel_sheet.plan(open_upload(file), season, for_user=request.user)
    except Refused as refusal:
        return show(request, season, reasons=refusal.reasons)
    version = queries.seen_version(council, request.user)
    context = {
        "season": season,
        "plan": found,
        "name": file.name,
        "is_old": found.version is not None and found.version != version,
        "token": signing.dumps(
            {"wanted": found.wanted, "version": version}, salt=_salt(request, season), compress=True
        ),
    }
    return page(request, "session/assignment_import.html", context)


def _confirm(request: HttpRequest, season: Season) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["plan"], salt=_salt(request, season), max_age=TOKEN_SECONDS)
        wanted = {
            (int(s), int(d)): frozenset(codes) for s, cells in kept["wanted"].items() for d, codes in cells.items()
        }
        count = actions.take_over(
            season=season, wanted=wanted, seen=kept["version"], by=request.user, at=timezone.now()
        )
    except signing.BadSignature:
        return show(request, season, reasons=[_("The preview is too old or not yours. Bring the workbook in again.")])
    except Refused as refusal:
        return show(request, season, reasons=refusal.reasons)
    messages.success(
        request,
        ngettext("%(n)s cell of the matrix is changed.", "%(n)s cells of the matrix are changed.", count)
        % {"n": count},
    )
    return redirect("evaluations:assignment", year=season.year)


def _salt(request: HttpRequest, season: Season) -> str:
    return f"evaluations.assignment.excel:{season.pk}:{request.user.pk}"
