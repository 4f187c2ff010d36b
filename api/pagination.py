from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """{"count", "next", "previous", "results"}; 50 rows a page, at most 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_query_description = _("number of the page, from 1")  # type: ignore[assignment]
    page_size_query_description = _("rows a page, at most 200")  # type: ignore[assignment]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As DRF describes it, with an example of our own."""
        found: dict[str, Any] = super().get_paginated_response_schema(schema)
        found["properties"]["count"]["example"] = 1
        for name in ("next", "previous"):
            found["properties"][name]["example"] = None
        return found
