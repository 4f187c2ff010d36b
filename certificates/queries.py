"""What pages and the API may say about certificates."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from certificates.models import Certificate
from registry.models import Recognition


def by_serial(serial: str) -> Certificate | None:
    """The certificate of this canonical serial, with all that its page shows."""
    return (
        Certificate.objects.select_related(
            "file",
            "recognition__decision",
            "recognition__product__enterprise",
            "recognition__product__sector",
        )
        .filter(serial=serial)
        .first()
    )


def issued() -> QuerySet[Certificate]:
    """Those whose paper exists."""
    return Certificate.objects.exclude(file=None)


def with_serials(recognitions: QuerySet[Recognition]) -> QuerySet[Recognition]:
    """Each recognition gets `papers`: its issued certificates of the product itself; one more query."""
    papers = issued().filter(kind=Certificate.Kind.PRODUCT)
    return recognitions.prefetch_related(Prefetch("certificates", queryset=papers, to_attr="papers"))


def serials_of(recognitions: Iterable[Recognition]) -> dict[int, list[Certificate]]:
    """All certificates, made or in the making, by recognition."""
    found: dict[int, list[Certificate]] = {recognition.pk: [] for recognition in recognitions}
    for certificate in Certificate.objects.filter(recognition__in=list(found)).order_by("kind", "pk"):
        found[certificate.recognition_id].append(certificate)
    return found
