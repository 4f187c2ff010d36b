"""Criteria at the desk: the list, one rubric to read, a draft to write."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import can, require
from core.canonical import canonical
from core.errors import Refused
from programme import rubric_actions, rubric_draft, rubric_editor, rubric_file, rubric_words
from programme.models import Rubric, RubricDraft
from programme.rubric_actions import DraftChanged
from programme.rubric_editor import EditForm
from programme.rubric_forms import NewDraftForm
from programme.rubric_page import criteria_in

REFUSED = 409
STEPS = (*rubric_draft.MOVES, "inside", "beside", "remove")


# --- the list -----------------------------------------------------------------------------------------
@require_safe
def rubrics(request: HttpRequest) -> HttpResponse:
    """Drafts that are being written, and every rubric a season has or could publish."""
    require(request.user, "programme.see_desk")
    return _list(request)


def _list(
    request: HttpRequest, form: NewDraftForm | None = None, problems: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    drafts = RubricDraft.objects.select_related("based_on", "made")
    context = {
        "drafts": [(draft, rubric_editor.title_of(draft)) for draft in drafts],
        "rubrics": Rubric.objects.prefetch_related("seasons").order_by("-loaded_at", "-pk"),
        "form": form or NewDraftForm(),
        "problems": problems,
        "may_write": can(request.user, "programme.write_rubrics"),
    }
    return render(request, "programme/rubrics.html", context, status=status)


@require_POST
def rubric_new(request: HttpRequest) -> HttpResponse:
    """A draft: a copy of a rubric, the content of a file, or an empty one."""
    require(request.user, "programme.write_rubrics")
    taken = [*Rubric.objects.values_list("code", flat=True), *_draft_codes()]
    source, based_on = request.POST.get("from", ""), None
    if source == "file":
        form = NewDraftForm(request.POST, request.FILES)
        if not form.is_valid():
            return _list(request, form, status=400)
        uploaded = form.cleaned_data["file"]
        try:
            content = _imported(uploaded.read(rubric_file.MAX_BYTES + 1), toml=uploaded.name.lower().endswith(".toml"))
        except rubric_file.UnsoundRubric as error:
            return _list(request, form, [rubric_words.problem_sentence(p) for p in error.found], status=400)
    elif source == "blank":
        content = rubric_draft.blank(rubric_draft.free_code("kip", taken))
    elif not source:
        messages.error(request, _("Say what the draft begins with."))
        return redirect("programme:rubrics")
    else:
        based_on = get_object_or_404(Rubric, pk=int(source) if source.isdecimal() and len(source) < 10 else 0)
        content = {**based_on.content, "code": rubric_draft.free_code(based_on.code, taken)}
    draft = rubric_actions.start_draft(content=content, based_on=based_on, by=request.user, at=timezone.now())
    return redirect("programme:rubric_draft", draft.pk)


def _draft_codes() -> list[str]:
    return [str(content.get("code")) for content in RubricDraft.objects.values_list("content", flat=True)]


def _imported(data: bytes, *, toml: bool) -> rubric_draft.Document:
    """What a file holds, if a person can repair in the form what is wrong with it. Raises UnsoundRubric."""
    document = rubric_file.read_bytes(data, toml=toml)
    try:
        rubric_file.judge(document)
    except rubric_file.UnsoundRubric as error:
        hopeless = [problem for problem in error.found if problem.code not in rubric_draft.REPAIRABLE]
        if hopeless:
            raise rubric_file.UnsoundRubric(hopeless) from error
    return json.loads(canonical(document))  # type: ignore[no-any-return]


# --- a rubric to read ---------------------------------------------------------------------------------
@require_safe
def rubric(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "programme.see_desk")
    found = get_object_or_404(Rubric.objects.prefetch_related("seasons"), pk=pk)
    context = {
        "rubric": found,
        "criteria": criteria_in(found, found.published_at),
        "seasons": found.seasons.order_by("-year"),
        "file_url": reverse("programme:rubric_export", args=[pk]),
        "may_write": can(request.user, "programme.write_rubrics"),
    }
    return render(request, "programme/rubric.html", context)


@require_safe
def rubric_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were digested."""
    require(request.user, "programme.see_desk")
    found = get_object_or_404(Rubric, pk=pk)
    return _file(canonical(found.content), f"{found.code}-{found.digest[:12]}.json")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- a draft ------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree beside the form of one criterion, or of the rubric as a whole."""
    require(request.user, "programme.write_rubrics")
    found = get_object_or_404(RubricDraft.objects.select_related("based_on", "made"), pk=pk)
    if request.method == "POST":
        return _written(request, found)
    target = request.GET.get("node", "")
    form = rubric_editor.form_of(found.content, target)
    if form is None:
        return redirect("programme:rubric_draft", pk)
    return _page(request, found, target, form, found.content)


def _written(request: HttpRequest, found: RubricDraft) -> HttpResponse:
    """Save or check the open form; a step with the criterion saves it first."""
    target, act = request.POST.get("target", ""), request.POST.get("do", "save")
    form = rubric_editor.form_of(found.content, target, request.POST)
    if form is None:
        messages.error(request, _("This criterion was removed meanwhile."))
        return redirect("programme:rubric_draft", found.pk)
    if not form.is_valid() and act != "remove":
        return _page(request, found, target, form, found.content, status=400)
    at = timezone.now()
    try:
        if act == "check":
            content = rubric_draft.change(found.content, target, form.values())
            return _page(request, found, target, form, content, is_checked=True)
        if act != "remove":
            saved = rubric_actions.change_draft(
                draft=found, base=_base(request), target=target, values=form.values(), by=request.user, at=at
            )
            _tell(request, saved, quiet=act in STEPS)
        if act in STEPS:
            target = rubric_actions.restructure_draft(
                draft=found, verb=act, target=target, by=request.user, at=at
            ).target
    except DraftChanged as changed:
        found.refresh_from_db()
        return _page(request, found, target, form, found.content, changed=changed, status=REFUSED)
    except Refused as refusal:
        return _not_done(request, found.pk, refusal)
    return redirect(_address(found, target))


def _base(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _tell(request: HttpRequest, saved: rubric_actions.Saved, *, quiet: bool) -> None:
    if saved.others:
        name, keys = saved.others
        words = _("Saved. %(name)s had changed here meanwhile, and that stays: %(keys)s.")
        messages.warning(request, words % {"name": name, "keys": ", ".join(sorted(keys))})
    elif not quiet:
        messages.success(request, _("Saved."))


def _address(found: RubricDraft, target: str) -> str:
    address = reverse("programme:rubric_draft", args=[found.pk])
    return f"{address}?node={target}#edit" if target else address


def _page(
    request: HttpRequest,
    found: RubricDraft,
    target: str,
    form: EditForm,
    content: rubric_draft.Document,
    *,
    changed: DraftChanged | None = None,
    is_checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    problems = rubric_editor.judged(content, target, form)
    form.use_required_attribute = False
    for name in form.fields.keys() & set(
        form.wanted
    ):  # may be saved empty; the page only says that they are no extras
        form.fields[name].required = True
    context = {
        "draft": found,
        "draft_title": rubric_editor.title_of(found),
        "target": target,
        "form": form,
        "is_criterion": bool(target),
        "tree": rubric_editor.tree(content, problems, target),
        "beside": {problem.field: problem.words for problem in problems if problem.field},
        "is_checked": is_checked,
        "changed": changed,
        "theirs": sorted((key, _shown(changed.theirs.get(key))) for key in changed.keys) if changed else [],
        "node": rubric_draft.find(content, target),
    }
    return render(request, "programme/rubric_draft.html", context | _verdict(found, content, problems), status=status)


def _verdict(
    found: RubricDraft, content: rubric_draft.Document, problems: list[rubric_editor.ProblemLine]
) -> dict[str, Any]:
    return {"draft": found, "problems": problems, "sums": rubric_editor.sums(content)}


def _shown(value: Any) -> str:
    if value in rubric_draft.EMPTY:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@require_POST
def draft_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """What the form would make of the draft, judged and not saved: for the page, while somebody types."""
    require(request.user, "programme.write_rubrics")
    found = get_object_or_404(RubricDraft, pk=pk)
    target = request.POST.get("target", "")
    form = rubric_editor.form_of(found.content, target, request.POST)
    if form is None or not form.is_valid():
        return JsonResponse({"judged": False})
    content = rubric_draft.change(found.content, target, form.values())
    problems = rubric_editor.judged(content, target, form)
    verdict = render_to_string("programme/_verdict.html", _verdict(found, content, problems), request)
    fields = {problem.field: problem.words for problem in problems if problem.field}
    return JsonResponse({"judged": True, "verdict": verdict, "fields": fields})


@require_safe
def draft_export(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "programme.write_rubrics")
    found = get_object_or_404(RubricDraft, pk=pk)
    text = json.dumps(rubric_draft.plain(found.content), ensure_ascii=False, indent=1) + "\n"
    return _file(text.encode(), f"rubric-draft-{found.pk}-{found.version}.json")


@require_POST
def draft_make(request: HttpRequest, pk: int) -> HttpResponse:
    """A sound draft becomes a rubric that a season can publish."""
    require(request.user, "programme.write_rubrics")
    found = get_object_or_404(RubricDraft, pk=pk)
    try:
        made, new = rubric_actions.make_rubric(draft=found, base=_base(request), by=request.user, at=timezone.now())
    except rubric_file.UnsoundRubric as error:
        words = _("The draft is not sound yet: %(problems)s")
        told = "; ".join(rubric_words.problem_sentence(problem) for problem in error.found[:5])
        messages.error(request, words % {"problems": told})
        return redirect("programme:rubric_draft", pk)
    except Refused as refusal:
        return _not_done(request, pk, refusal)
    words = (
        _("The criteria are ready to be published.") if new else _("These criteria exist already; nothing changed.")
    )
    messages.success(request, words)
    return redirect("programme:rubric", made.pk)


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "programme.write_rubrics")
    found = get_object_or_404(RubricDraft, pk=pk)
    title = rubric_editor.title_of(found)
    try:
        rubric_actions.discard_draft(draft=found, base=_base(request), by=request.user, at=timezone.now())
    except Refused as refusal:
        return _not_done(request, pk, refusal)
    messages.success(request, _("The draft “%(title)s” is discarded.") % {"title": title})
    return redirect("programme:rubrics")


def _not_done(request: HttpRequest, pk: int, refusal: Refused) -> HttpResponse:
    for reason in refusal.reasons:
        messages.error(request, reason)
    is_there = RubricDraft.objects.filter(pk=pk).exists()
    return redirect("programme:rubric_draft", pk) if is_there else redirect("programme:rubrics")
