from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def site(request: HttpRequest) -> dict[str, object]:
    """What every page may print about the site itself."""
    return {
        "site_name": _("Key industrial products of Hanoi"),
        "site_url": settings.SITE_URL,
        "version": settings.VERSION,
        "demo": settings.LOAD_DEMO,
    }
