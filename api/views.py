"""The registry for machines: read-only, without a key, published rows only."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import examples, serializers
from api.errors import CodedNotFound, handle
from api.throttling import KindThrottle
from certificates import serial as serials
from certificates.queries import by_serial, with_serials
from public.addresses import absolute
from reference.models import Sector, Ward
from registry import queries
from registry.filters import EnterpriseFilter, ProductFilter, RecognitionFilter
from registry.models import PublishedEnterprise, PublishedProduct, Recognition

PAGE_PARAMETERS = {"page", "page_size"}
PROBLEM = serializers.ProblemSerializer
NOT_UNDERSTOOD = OpenApiResponse(PROBLEM, description=_("A parameter was not understood; `errors` names it."))
NOT_FOUND = OpenApiResponse(PROBLEM, description=_("No published row has this number."))
TOO_MANY = OpenApiResponse(PROBLEM, description=_("Too many requests; Retry-After tells when to come back."))


@method_decorator(conditional_page, name="dispatch")
class Open(APIView):
    """Open to everyone, for reading: CORS, ETag, counted kindly, strict about parameters."""

    throttle_classes = [KindThrottle]
    known_parameters: set[str] = set()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        translation.activate(translation.get_language_from_request(request._request))
        super().initial(request, *args, **kwargs)
        self._refuse_the_unknown(request)

    def _refuse_the_unknown(self, request: Request) -> None:
        """A misspelt filter must not answer with everything."""
        errors: dict[str, list[Any]] = {
            name: [exceptions.ErrorDetail(str(_("There is no parameter of this name here.")), "unknown_parameter")]
            for name in request.query_params
            if name not in self.known_parameters
        }
        for name in PAGE_PARAMETERS & self.known_parameters & set(request.query_params):
            value = request.query_params[name]
            if not (value.isascii() and value.isdigit() and int(value[:9]) > 0):
                errors[name] = [exceptions.ErrorDetail(str(_("Give a whole number from 1.")), "invalid")]
        if errors:
            raise exceptions.ValidationError(errors)

    def get_exception_handler(self) -> Any:
        return handle

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        patch_vary_headers(response, ["Accept-Language"])
        request.session.accessed = False  # the same for everyone: a shared cache need not look at cookies
        return response


class OpenList(Open, generics.ListAPIView[Any]):
    """A list of published rows. `orderings` maps what may be asked to the fields behind it."""

    filterset_class: Any = None
    orderings: dict[str, tuple[str, ...]] = {}

    @property
    def known_parameters(self) -> set[str]:  # type: ignore[override]
        names = set(self.filterset_class.base_filters) if self.filterset_class else set()
        return names | PAGE_PARAMETERS | ({"ordering"} if self.orderings else set())

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        wanted = self.request.query_params.get("ordering")
        if wanted is None or not self.orderings:
            return found
        if wanted not in self.orderings:
            words = _("Choose one of: %(names)s.") % {"names": ", ".join(self.orderings)}
            raise exceptions.ValidationError({"ordering": [exceptions.ErrorDetail(words, "invalid_choice")]})
        return found.order_by(*self.orderings[wanted])


NUMBER = OpenApiParameter("id", int, OpenApiParameter.PATH, description=_("the number in the lists"))


def ordering(names: dict[str, tuple[str, ...]]) -> OpenApiParameter:
    return OpenApiParameter("ordering", str, enum=list(names), description=_("order of the rows"))


class Root(Open):
    """Where everything is."""

    @extend_schema(
        operation_id="root",
        summary=_("Every resource"),
        description=_("The address of every resource of this API."),
        responses={200: serializers.RootSerializer, 429: TOO_MANY},
        examples=[examples.ROOT],
    )
    def get(self, request: Request) -> Response:
        names = ["recognitions", "products", "enterprises", "seasons", "sectors", "wards"]
        body = {name: absolute(f"/api/v1/{name}") for name in names}
        body |= {
            "certificate": absolute("/api/v1/certificates/{serial}"),
            "openapi": absolute("/api/v1/openapi.json"),
            "documentation": absolute("/api/docs/"),
            "version": settings.VERSION,
        }
        return Response(body)


# --- recognitions --------------------------------------------------------------------------------------
def _recognitions() -> QuerySet[Recognition]:
    found = Recognition.objects.select_related("product__sector", "decision")
    return with_serials(found)


RECOGNITION_ORDERS = {
    "-season": ("-season_year", "product__sort_key", "pk"),
    "season": ("season_year", "product__sort_key", "pk"),
    "name": ("product__sort_key", "-season_year", "pk"),
    "valid_to": ("valid_to", "pk"),
    "-valid_to": ("-valid_to", "pk"),
}


@extend_schema(
    summary=_("Recognitions by season"),
    description=_(
        "Every product recognised for a season, with what holds today. One product may be recognised in "
        "several seasons."
    ),
    parameters=[ordering(RECOGNITION_ORDERS)],
    responses={200: serializers.RecognitionSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.RECOGNITION],
)
class Recognitions(OpenList):
    queryset = Recognition.objects.all()
    serializer_class = serializers.RecognitionSerializer
    filterset_class = RecognitionFilter
    orderings = RECOGNITION_ORDERS

    def get_queryset(self) -> QuerySet[Recognition]:
        return _recognitions().order_by(*RECOGNITION_ORDERS["-season"])


@extend_schema(
    summary=_("One recognition"),
    description=_("One recognition by its number."),
    parameters=[NUMBER],
    responses={200: serializers.RecognitionSerializer, 404: NOT_FOUND, 429: TOO_MANY},
    examples=[examples.RECOGNITION],
)
class OneRecognition(Open, generics.RetrieveAPIView[Recognition]):
    queryset = Recognition.objects.all()
    serializer_class = serializers.RecognitionSerializer

    def get_queryset(self) -> QuerySet[Recognition]:
        return _recognitions()


# --- products ------------------------------------------------------------------------------------------
PRODUCT_ORDERS = {
    "-season": ("-season", "sort_key", "pk"),
    "season": ("season", "sort_key", "pk"),
    "name": ("sort_key", "pk"),
}


def _products() -> QuerySet[PublishedProduct]:
    history = Recognition.objects.order_by("-season_year")
    found = queries.products(timezone.localdate()).select_related("enterprise", "sector")
    return found.prefetch_related(Prefetch("recognitions", queryset=history))


@extend_schema(
    summary=_("Products with their recognitions"),
    description=_("Every published product with all its recognitions. The filters are those of the directory."),
    parameters=[ordering(PRODUCT_ORDERS)],
    responses={200: serializers.ProductSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.PRODUCT],
)
class Products(OpenList):
    queryset = PublishedProduct.objects.all()
    serializer_class = serializers.ProductSerializer
    filterset_class = ProductFilter
    orderings = PRODUCT_ORDERS

    def get_queryset(self) -> QuerySet[PublishedProduct]:
        return _products().order_by(*PRODUCT_ORDERS["-season"])


@extend_schema(
    summary=_("One product"),
    description=_("One published product by its number."),
    parameters=[NUMBER],
    responses={200: serializers.ProductSerializer, 404: NOT_FOUND, 429: TOO_MANY},
    examples=[examples.PRODUCT],
)
class OneProduct(Open, generics.RetrieveAPIView[PublishedProduct]):
    queryset = PublishedProduct.objects.all()
    serializer_class = serializers.ProductSerializer

    def get_queryset(self) -> QuerySet[PublishedProduct]:
        return _products()


# --- enterprises ---------------------------------------------------------------------------------------
@extend_schema(
    summary=_("Enterprises"),
    description=_("Makers of published products. No personal data, no tax code."),
    responses={200: serializers.EnterpriseSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.ENTERPRISE],
)
class Enterprises(OpenList):
    queryset = PublishedEnterprise.objects.all()
    serializer_class = serializers.EnterpriseSerializer
    filterset_class = EnterpriseFilter

    def get_queryset(self) -> QuerySet[PublishedEnterprise]:
        return queries.enterprises()


@extend_schema(
    summary=_("One enterprise"),
    description=_("One maker by its number."),
    parameters=[NUMBER],
    responses={200: serializers.EnterpriseSerializer, 404: NOT_FOUND, 429: TOO_MANY},
    examples=[examples.ENTERPRISE],
)
class OneEnterprise(Open, generics.RetrieveAPIView[PublishedEnterprise]):
    queryset = PublishedEnterprise.objects.all()
    serializer_class = serializers.EnterpriseSerializer

    def get_queryset(self) -> QuerySet[PublishedEnterprise]:
        return queries.makers()


# --- seasons and classifications -----------------------------------------------------------------------
@extend_schema(
    summary=_("Seasons"),
    description=_(
        "Every season that a source or this registry knows. `reported` holds real figures of press and "
        "enterprises, `registry` what was decided here; the two never mix."
    ),
    responses={200: serializers.SeasonSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.SEASON],
)
class Seasons(OpenList):
    serializer_class = serializers.SeasonSerializer
    filter_backends: list[Any] = []
    queryset = Recognition.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(_seasons())  # type: ignore[arg-type]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _seasons() -> list[dict[str, Any]]:
    reported = {figure.year: figure for figure in queries.told_seasons()}
    decisions = {decision.season_year: decision for decision in queries.decisions()}
    own: dict[int, dict[str, Any]] = {}
    for row in queries.decided_seasons():
        decision = decisions[row["season_year"]]
        own[row["season_year"]] = row | {"decision": decision, "is_demo": decision.is_demo}
    return [
        {"year": year, "reported": reported.get(year), "registry": own.get(year)}
        for year in sorted(set(reported) | set(own), reverse=True)
    ]


@extend_schema(
    summary=_("Sectors"),
    description=_("The eight sectors of the programme, in its own order."),
    responses={200: serializers.SectorSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.SECTOR],
)
class Sectors(OpenList):
    queryset = Sector.objects.all()
    serializer_class = serializers.SectorSerializer
    filter_backends: list[Any] = []


@extend_schema(
    summary=_("Wards"),
    description=_("The wards and communes of Hanoi since 1 July 2025."),
    responses={200: serializers.WardSerializer(many=True), 400: NOT_UNDERSTOOD, 429: TOO_MANY},
    examples=[examples.WARD],
)
class Wards(OpenList):
    queryset = Ward.objects.all()
    serializer_class = serializers.WardSerializer
    filter_backends: list[Any] = []


SERIAL = OpenApiParameter("serial", str, OpenApiParameter.PATH, description=_("for example KIP2026-0046-N"))


# --- certificates --------------------------------------------------------------------------------------
class OneCertificate(Open):
    """What holds of a certificate now."""

    @extend_schema(
        operation_id="certificates_retrieve",
        summary=_("One certificate"),
        description=_(
            "A certificate by its serial, in any spacing and case, with what holds now. A 404 tells by "
            "`code` whether the serial was `mistyped` (its check character does not fit) or is `unknown`."
        ),
        parameters=[
            OpenApiParameter("serial", str, OpenApiParameter.PATH, description=_("for example KIP2026-0046-N"))
        ],
        responses={
            200: serializers.CertificateSerializer,
            404: OpenApiResponse(PROBLEM, description=_("`code` is `mistyped` or `unknown`.")),
            429: TOO_MANY,
        },
        examples=[examples.CERTIFICATE],
    )
    def get(self, request: Request, serial: str) -> Response:
        canonical = serials.parse(serial)
        if canonical is None:
            raise CodedNotFound("mistyped", str(_("The characters of this serial do not fit together.")))
        certificate = by_serial(canonical)
        if certificate is None:
            raise CodedNotFound("unknown", str(_("No certificate bears this serial.")))
        return Response(serializers.CertificateSerializer(certificate).data)
