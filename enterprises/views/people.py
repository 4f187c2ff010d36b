"""The people of an enterprise. Whoever signs manages them; the others read the list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core.errors import Refused
from enterprises import actions, queries
from enterprises.models import Enterprise, Invitation, JoinRequest, Representative
from enterprises.people_forms import InviteForm, RoleForm
from enterprises.views.common import of_enterprise


@require_http_methods(["GET", "HEAD", "POST"])
@of_enterprise("enterprises.see_people")
def people(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """The list; a post invites one more."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, "enterprises.manage_people", enterprise)
        if form.is_valid():
            try:
                actions.invite(
                    enterprise=enterprise,
                    by=request.user,
                    at=timezone.now(),
                    language=get_language() or "vi",
                    **form.cleaned_data,
                )
            except Refused as refused:
                form.add_error("email", refused.reasons)
            else:
                said = _("An invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
                messages.success(request, said)
                return redirect("enterprises:people", pk=enterprise.pk)
    return render(request, "enterprises/people.html", _facts(request, enterprise, form))


def _facts(request: HttpRequest, enterprise: Enterprise, form: InviteForm) -> dict[str, Any]:
    may_manage = can(request.user, "enterprises.manage_people", enterprise)
    rows = [
        {
            "person": person,
            "is_self": person.user_id == request.user.pk,
            "form": _role_form(person) if may_manage else None,
            "may_end": may_manage or person.user_id == request.user.pk,
        }
        for person in queries.people_of(enterprise)
    ]
    return {
        "enterprise": enterprise,
        "tab": "people",
        "rows": rows,
        "may_manage": may_manage,
        "form": form,
        "invitations": queries.open_invitations(enterprise) if may_manage else [],
        "requests": [
            {"asked": asked, "form": RoleForm(initial={"role": "fills_in"}, auto_id=f"id_r{asked.pk}_%s")}
            for asked in (queries.open_requests(enterprise) if may_manage else [])
        ],
    }


def _role_form(person: Representative) -> RoleForm:
    initial = {"role": person.role, "is_consultant": person.is_consultant}
    return RoleForm(initial=initial, auto_id=f"id_p{person.pk}_%s")


def _person(enterprise: Enterprise, number: int) -> Representative:
    found = queries.people_of(enterprise).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_POST
@of_enterprise("enterprises.manage_people")
def person_role(request: HttpRequest, enterprise: Enterprise, person: int) -> HttpResponse:
    form = RoleForm(request.POST)
    found = _person(enterprise, person)
    if not form.is_valid():
        raise Refused([str(error) for errors in form.errors.values() for error in errors])
    actions.change_role(representative=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The role of %(person)s is saved.") % {"person": found.user})
    return redirect("enterprises:people", pk=enterprise.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_enterprise("enterprises.see_people")
def person_end(request: HttpRequest, enterprise: Enterprise, person: int) -> HttpResponse:
    """Asks once. Whoever signs ends anybody; everybody may leave."""
    found = _person(enterprise, person)
    require(request.user, "enterprises.end_person", found)
    is_self = found.user_id == request.user.pk
    if request.method != "POST":
        context = {"enterprise": enterprise, "person": found, "is_self": is_self}
        return render(request, "enterprises/person_end.html", context)
    actions.end_representation(representative=found, by=request.user, at=timezone.now())
    if is_self:
        messages.success(request, _("You no longer act for %(enterprise)s.") % {"enterprise": enterprise})
        return redirect("enterprises:mine")
    messages.success(request, _("%(person)s no longer acts for the enterprise.") % {"person": found.user})
    return redirect("enterprises:people", pk=enterprise.pk)


def _invitation(enterprise: Enterprise, number: int) -> Invitation:
    found = enterprise.invitations.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_POST
@of_enterprise("enterprises.manage_people")
def invitation_again(request: HttpRequest, enterprise: Enterprise, invitation: int) -> HttpResponse:
    row = actions.send_invitation_again(
        invitation=_invitation(enterprise, invitation),
        language=get_language() or "vi",
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("A new letter is on its way to %(email)s.") % {"email": row.email})
    return redirect("enterprises:people", pk=enterprise.pk)


@require_POST
@of_enterprise("enterprises.manage_people")
def invitation_withdraw(request: HttpRequest, enterprise: Enterprise, invitation: int) -> HttpResponse:
    row = _invitation(enterprise, invitation)
    actions.withdraw_invitation(invitation=row, by=request.user, at=timezone.now())
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
    return redirect("enterprises:people", pk=enterprise.pk)


@require_POST
def answer_request(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """By whoever signs; by the Department where nobody does."""
    found = JoinRequest.objects.select_related("enterprise", "user").filter(pk=asked, enterprise=pk).first()
    if found is None:
        raise Http404
    require(request.user, "enterprises.answer_request", found)
    admit = request.POST.get("answer") == "admit"
    form = RoleForm(request.POST)
    if request.POST.get("answer") not in ("admit", "decline"):
        raise Refused(_("Admit the person or decline."))
    if admit and not form.is_valid():
        raise Refused([str(error) for errors in form.errors.values() for error in errors])
    given = form.cleaned_data if admit else {}
    actions.answer_join_request(asked=found, admit=admit, by=request.user, at=timezone.now(), **given)
    said = _("%(person)s is admitted.") if admit else _("The request of %(person)s is declined.")
    messages.success(request, said % {"person": found.user})
    if can(request.user, "enterprises.see_people", found.enterprise):
        return redirect("enterprises:people", pk=pk)
    return redirect("dossiers:desk_enterprise", pk=pk)
