"""What pages and the API may say about certificates."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from certificates.models import Certificate
from registry.models import Recognition

FACTS = ("file", "recognition__decision", "recognition__enterprise", "recognition__product__sector")


def by_serial(serial: str) -> Certificate | None:
    """The certificate of this canonical serial, with all that its page shows."""
    return Certificate.objects.select_related(*FACTS, "replaced_by").filter(serial=serial).first()


def chain_of(certificate: Certificate) -> list[Certificate]:
    """The certificate with all that it replaced and all that replaced it, the oldest first."""
    chain = [certificate]
    while chain[0].replaces_id is not None:
        chain.insert(0, Certificate.objects.select_related(*FACTS).get(pk=chain[0].replaces_id))
    while (later := getattr(chain[-1], "replaced_by", None)) is not None:
        chain.append(Certificate.objects.select_related(*FACTS, "replaced_by").get(pk=later.pk))
    return chain


def issued() -> QuerySet[Certificate]:
    """Those whose paper exists and that no newer one replaces."""
    return Certificate.objects.exclude(file=None).filter(replaced_at=None)


def with_serials(recognitions: QuerySet[Recognition]) -> QuerySet[Recognition]:
    """Each recognition gets `papers`: its issued certificates of the product itself; one more query."""
    papers = issued().filter(kind=Certificate.Kind.PRODUCT)
    return recognitions.prefetch_related(Prefetch("certificates", queryset=papers, to_attr="papers"))


def serials_of(recognitions: Iterable[Recognition]) -> dict[int, list[Certificate]]:
    """All certificates that stand, made or in the making, by recognition."""
    found: dict[int, list[Certificate]] = {recognition.pk: [] for recognition in recognitions}
    for certificate in Certificate.objects.filter(recognition__in=list(found), replaced_at=None).order_by(
        "kind", "pk"
    ):
        found[certificate.recognition_id].append(certificate)
    return found
