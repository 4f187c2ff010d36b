"""What machines read: published rows, in both languages, dates as YYYY-MM-DD, missing values as null or ""."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certificates.models import Certificate
from public.addresses import certificate_pdf_url, certificate_url, enterprise_url, product_url
from reference.models import Sector, Ward
from registry.models import Decision, PublishedEnterprise, PublishedProduct, Recognition, Status


class SectorSerializer(serializers.ModelSerializer[Sector]):
    class Meta:
        model = Sector
        fields = ["code", "name_vi", "name_en"]


class WardSerializer(serializers.ModelSerializer[Ward]):
    class Meta:
        model = Ward
        fields = ["code", "type_vi", "type_en", "full_name_vi", "full_name_en", "valid_from", "valid_to"]

    full_name_en = serializers.CharField(read_only=True)


class WardRefSerializer(serializers.ModelSerializer[Ward]):
    class Meta:
        model = Ward
        fields = ["code", "full_name_vi", "full_name_en"]

    full_name_en = serializers.CharField(read_only=True)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ["number", "signed_date"]


class EnterpriseRefSerializer(serializers.ModelSerializer[PublishedEnterprise]):
    class Meta:
        model = PublishedEnterprise
        fields = ["id", "name_vi", "name_en"]


class ProductRefSerializer(serializers.ModelSerializer[PublishedProduct]):
    class Meta:
        model = PublishedProduct
        fields = ["id", "name_vi", "name_en", "url"]

    url = serializers.SerializerMethodField()

    def get_url(self, product: PublishedProduct) -> str:
        return product_url(product)


class DecidedProductSerializer(serializers.Serializer[Recognition]):
    """The product under the name by which it was recognised."""

    id = serializers.IntegerField(source="product_id")
    name_vi = serializers.CharField(source="product_name_vi")
    name_en = serializers.CharField(source="product_name_en")
    url = serializers.SerializerMethodField()

    def get_url(self, recognition: Recognition) -> str:
        return product_url(recognition.product)


class DecidedEnterpriseSerializer(serializers.Serializer[Recognition]):
    """The maker whom the decision names, under the name by which it was recognised."""

    id = serializers.IntegerField(source="enterprise_id")
    name_vi = serializers.CharField(source="enterprise_name_vi")
    name_en = serializers.CharField(source="enterprise_name_en")


class RecognitionSerializer(serializers.Serializer[Recognition]):
    """A product recognised for one season."""

    id = serializers.IntegerField()
    product = DecidedProductSerializer(source="*")
    enterprise = DecidedEnterpriseSerializer(source="*")
    sector = SectorSerializer(source="product.sector")
    season = serializers.IntegerField(source="season_year")
    is_top10 = serializers.BooleanField()
    status = serializers.SerializerMethodField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    decision = DecisionSerializer()
    certificate_serial = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField()
    is_demo = serializers.BooleanField()

    def get_status(self, recognition: Recognition) -> Status:
        return recognition.status()

    def get_certificate_serial(self, recognition: Any) -> str | None:
        """Null until the paper is issued."""
        return recognition.papers[0].serial if recognition.papers else None

    def get_verify_url(self, recognition: Any) -> str | None:
        return certificate_url(recognition.papers[0].serial) if recognition.papers else None


class RecognitionRefSerializer(serializers.Serializer[Recognition]):
    id = serializers.IntegerField()
    season = serializers.IntegerField(source="season_year")
    is_top10 = serializers.BooleanField()
    status = serializers.SerializerMethodField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()

    def get_status(self, recognition: Recognition) -> Status:
        return recognition.status()


class ProductSerializer(serializers.ModelSerializer[PublishedProduct]):
    """A published product with all its recognitions, the newest first; `status` tells what holds today."""

    class Meta:
        model = PublishedProduct
        fields = [
            "id",
            "name_vi",
            "name_en",
            "summary_vi",
            "summary_en",
            "sector",
            "enterprise",
            "hs_code",
            "standards",
            "export_markets",
            "status",
            "recognitions",
            "url",
            "is_demo",
        ]

    sector = SectorSerializer()
    enterprise = EnterpriseRefSerializer()
    status = serializers.ChoiceField(choices=Status.choices, source="standing")
    recognitions = RecognitionRefSerializer(many=True)
    url = serializers.SerializerMethodField()

    def get_url(self, product: PublishedProduct) -> str:
        return product_url(product)


class EnterpriseSerializer(serializers.ModelSerializer[PublishedEnterprise]):
    """A maker of published products."""

    class Meta:
        model = PublishedEnterprise
        fields = [
            "id",
            "name_vi",
            "name_en",
            "address_vi",
            "address_en",
            "ward",
            "zone_name",
            "website",
            "product_count",
            "latest_season",
            "url",
            "is_demo",
        ]

    ward = WardRefSerializer()
    product_count = serializers.IntegerField()
    latest_season = serializers.IntegerField(source="latest")
    url = serializers.SerializerMethodField()

    def get_url(self, enterprise: PublishedEnterprise) -> str:
        return enterprise_url(enterprise)


class RevocationSerializer(serializers.Serializer[Recognition]):
    at = serializers.DateTimeField(source="revoked_at")
    ground = serializers.ChoiceField(choices=Recognition.Ground.choices, source="revoked_ground")
    document = serializers.CharField(source="revoked_document")
    reason = serializers.CharField(source="revoked_reason")


class CertificateSerializer(serializers.Serializer[Certificate]):
    """A certificate and what holds of it now. Without a paper yet, `sha256` and `pdf_url` are null."""

    serial = serializers.CharField()
    kind = serializers.ChoiceField(choices=Certificate.Kind.choices)
    status = serializers.SerializerMethodField()
    season = serializers.IntegerField(source="recognition.season_year")
    valid_from = serializers.DateField(source="recognition.valid_from")
    valid_to = serializers.DateField(source="recognition.valid_to")
    product = DecidedProductSerializer(source="recognition")
    enterprise = DecidedEnterpriseSerializer(source="recognition")
    decision = DecisionSerializer(source="recognition.decision")
    revoked = serializers.SerializerMethodField()
    issued_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(source="file_id", allow_null=True)
    pdf_url = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField()
    is_demo = serializers.BooleanField(source="recognition.is_demo")

    def get_status(self, certificate: Certificate) -> Status:
        """Of the certificate: a recognition may stand while this paper of it was replaced."""
        status = certificate.recognition.status()
        return Status.REPLACED if certificate.replaced_at is not None and status != Status.REVOKED else status

    @extend_schema_field(RevocationSerializer(allow_null=True))
    def get_revoked(self, certificate: Certificate) -> dict[str, Any] | None:
        revoked = certificate.recognition.revoked_at is not None
        return dict(RevocationSerializer(certificate.recognition).data) if revoked else None

    def get_pdf_url(self, certificate: Certificate) -> str | None:
        return certificate_pdf_url(certificate.serial) if certificate.file_id else None

    def get_verify_url(self, certificate: Certificate) -> str:
        return certificate_url(certificate.serial)


class ReportedSeasonSerializer(serializers.Serializer[Any]):
    """Real figures as press and enterprises report them; null where no source was found."""

    applied_products = serializers.IntegerField(allow_null=True)
    applied_enterprises = serializers.IntegerField(allow_null=True)
    recognised_products = serializers.IntegerField(allow_null=True)
    recognised_enterprises = serializers.IntegerField(allow_null=True)
    top10_products = serializers.IntegerField(allow_null=True)
    revenue_vnd_billion = serializers.DecimalField(12, 1, allow_null=True)
    export_usd_million = serializers.DecimalField(12, 1, allow_null=True)
    decision_number = serializers.CharField()
    decision_date = serializers.DateField(allow_null=True)
    sources = serializers.ListField(child=serializers.CharField())


class RegistrySeasonSerializer(serializers.Serializer[Any]):
    """What this registry itself holds of the season."""

    products = serializers.IntegerField()
    enterprises = serializers.IntegerField()
    top10 = serializers.IntegerField()
    decision = DecisionSerializer()
    is_demo = serializers.BooleanField()


class SeasonSerializer(serializers.Serializer[Any]):
    """`reported` and `registry` never mix: the one is what others say, the other what was decided here."""

    year = serializers.IntegerField()
    reported = ReportedSeasonSerializer(allow_null=True)
    registry = RegistrySeasonSerializer(allow_null=True)


class ProblemErrorSerializer(serializers.Serializer[Any]):
    parameter = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. Branch on `code`; `title` and `detail` follow Accept-Language (vi or en)."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment]


class RootSerializer(serializers.Serializer[Any]):
    """The address of every resource."""

    recognitions = serializers.URLField()
    products = serializers.URLField()
    enterprises = serializers.URLField()
    seasons = serializers.URLField()
    sectors = serializers.URLField()
    wards = serializers.URLField()
    certificate = serializers.CharField(help_text="a template: put the serial in place of {serial}")
    openapi = serializers.URLField()
    documentation = serializers.URLField()
    version = serializers.CharField()
