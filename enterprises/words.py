"""Words for what the code knows by name."""

from django.utils.translation import gettext as _


def duplicate_reason(reason: str) -> str:
    return {
        "name": _("The same name but for its legal form and accents"),
        "phone": _("The same telephone"),
        "email": _("The same email address"),
        "domain": _("The same mail domain or website"),
        "address": _("The same address"),
    }[reason]
