from django import forms
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render

from core.forms import DateField, DecimalField, LongTextField, TextField


class SampleForm(forms.Form):
    """Every kind of field, for the kit page."""

    name = TextField(label="Tên", help_text="Như trên giấy đăng ký")
    amount = DecimalField(label="Doanh thu (tỷ đồng)")
    day = DateField(label="Ngày ký")
    text = LongTextField(label="Mô tả")
    choice = forms.ChoiceField(label="Nhóm", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def kit(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for signed-in people and the screenshot tests."""
    form = SampleForm({"name": "", "amount": "1.234,5", "day": "31/02/2026"} if "errors" in request.GET else None)
    return render(request, "ui/kit.html", {"form": form})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read, in words. Under a foreign host name no page is drawn."""
    if isinstance(exception, DisallowedHost):
        return HttpResponseBadRequest("400", content_type="text/plain")
    return render(request, "400.html", status=400)
