"""More time for a supplement."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from core.forms import DateField, LongTextField
from dossiers import actions, supplements
from dossiers.views.desk.ground import REFUSED, Way, dossier_of


class ExtensionForm(forms.Form):
    use_required_attribute = False

    until = DateField(label=gettext_lazy("New term"), error_messages={"required": gettext_lazy("Enter the new day.")})
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The enterprise reads it as you write it."),
        max_length=600,
        error_messages={"required": gettext_lazy("Give the reason for the extension; the enterprise reads it.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def extend_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Once, before or after the term has passed, with a reason."""
    dossier, at = dossier_of(request, pk, rule="dossiers.check"), timezone.now()
    way = Way.of(request.POST or request.GET)
    back = f"{reverse('dossiers:check', args=[pk])}?{way.query}"
    asked = supplements.open_request(dossier)
    if asked is None:
        messages.info(request, _("The supplement is no longer awaited."))
        return redirect(back)
    latest = actions.latest_extension(asked, timezone.localdate(at))
    form = ExtensionForm(request.POST if request.method == "POST" else None, initial={"until": latest})
    status = 200
    if form.is_bound:
        if form.is_valid():
            try:
                actions.extend_supplement(request=asked, **form.cleaned_data, by=request.user, at=at)
            except Refused as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, _("The term is extended; the enterprise gets a letter."))
                return redirect(back)
        status = REFUSED
    context = {"dossier": dossier, "asked": asked, "form": form, "latest": latest, "way": way, "back": back}
    return render(request, "dossiers/desk/extend.html", context, status=status)
