from django import forms
from django.http import HttpRequest, HttpResponse
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
