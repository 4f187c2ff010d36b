"""The words for papers, parts and findings, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.completeness import Finding

PAPER_NAMES = {
    "application_form": gettext_lazy("Application form, signed"),
    "business_registration": gettext_lazy("Business registration certificate"),
    "product_description": gettext_lazy("Product description"),
    "photos": gettext_lazy("Product photos"),
    "financial_statements": gettext_lazy("Audited financial statements"),
    "tax_confirmation": gettext_lazy("Confirmation of tax duties"),
    "quality_certificates": gettext_lazy("Quality system and product certificates"),
    "environment_papers": gettext_lazy("Environmental papers"),
    "hi_tech_basis": gettext_lazy("Proof of the hi-tech list item"),
    "export_papers": gettext_lazy("Export papers"),
    "startup_plan": gettext_lazy("Start-up idea and growth plan"),
    "intellectual_property": gettext_lazy("Intellectual property titles"),
    "awards": gettext_lazy("Awards"),
}
PAPER_HINTS = {
    "application_form": gettext_lazy("Signed by the legal representative; one PDF."),
    "business_registration": gettext_lazy("Valid copy, latest change included."),
    "product_description": gettext_lazy("Purpose, specifications, production line, market."),
    "photos": gettext_lazy("At least three sides of the product; JPG or PNG."),
    "financial_statements": gettext_lazy("Of the last three years, or those that exist."),
    "tax_confirmation": gettext_lazy("Issued by the tax authority for last year."),
    "quality_certificates": gettext_lazy("ISO 9001 or equal, declaration of conformity, test reports."),
    "environment_papers": gettext_lazy("Environmental licence or registration in force."),
    "hi_tech_basis": gettext_lazy("Item and edition of the Prime Minister's list, technical proof."),
    "export_papers": gettext_lazy("Customs declarations or a bank confirmation of last year."),
    "startup_plan": gettext_lazy("Idea, growth trend, markets, meaning for society."),
    "intellectual_property": gettext_lazy("Trade mark, design or patent, if any."),
    "awards": gettext_lazy("National or international awards, if any."),
}
PART_NAMES = {
    "eligibility": gettext_lazy("Eligibility"),
    "enterprise": gettext_lazy("Enterprise and contact"),
    "product": gettext_lazy("Product description"),
    "figures": gettext_lazy("Figures of three years"),
    "papers": gettext_lazy("Documents"),
    "undertakings": gettext_lazy("Undertakings"),
}


def finding(found: Finding) -> str:
    """One sentence that says what is missing."""
    sentences = {
        "contact_name": _("Name a contact person."),
        "contact_way": _("Give a telephone number or an email address of the contact person."),
        "summary": _("Write the summary of the product."),
        "description": _("Describe the product in at least 100 characters."),
        "technology": _("Describe technology and equipment."),
        "basis_hi_tech": _("Name the item and edition of the hi-tech list."),
        "basis_startup": _("Describe the idea and growth of the start-up."),
        "figures": _("Enter revenue, exports and workers of %(year)s."),
        "paper": _("Attach: %(paper)s."),
        "undertakings": _("Read and confirm the undertakings."),
    }
    return sentences[found.code] % {"year": found.about, "paper": PAPER_NAMES.get(found.about, "")}
