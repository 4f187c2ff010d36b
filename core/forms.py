"""Form fields that read what people in Vietnam type. Forms of the project use these, never Django's own."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy

from core import vietnamese


class PageRenderer(TemplatesSetting):
    """Fields and errors are drawn by our templates."""

    field_template_name = "ui/field.html"
    form_template_name = "ui/form.html"


class DecimalField(forms.DecimalField):
    """1.234,5 in Vietnamese, 1,234.5 in English."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("localize", True)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")


class IntegerField(forms.IntegerField):
    """1.234 in Vietnamese, 1,234 in English."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("localize", True)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")


class DateField(forms.DateField):
    """05/03/2026 is 5 March in both languages."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("localize", True)
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y"))
        super().__init__(**kwargs)


class DateTimeField(forms.DateTimeField):
    """17:00 30/09/2026 or 30/09/2026 17:00, in the time of Hanoi."""

    default_error_messages = {"invalid": gettext_lazy("Give the time too, for example 17:00 30/09/2026.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("localize", True)
        kwargs.setdefault("widget", forms.DateTimeInput(format="%H:%M %d/%m/%Y"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """A day without its hour would end at midnight before it: the last day would be lost."""
        if isinstance(value, str) and value.strip() and ":" not in value:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class TextField(forms.CharField):
    """One line, kept in NFC with single spaces."""

    def to_python(self, value: Any) -> str:
        return vietnamese.nfc(super().to_python(value) or "")


class LongTextField(forms.CharField):
    """Several lines, kept in NFC."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return vietnamese.nfc_lines(super().to_python(value) or "")
