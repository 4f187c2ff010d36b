"""The words for papers, parts and findings, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers import eligibility
from dossiers.completeness import PHOTOS_ASKED, Finding
from dossiers.forms import threshold_in_words
from programme import tracks

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
PAPER_EXAMPLES = {
    "application_form": gettext_lazy("For example: the printed form, signed and stamped, scanned into one PDF."),
    "business_registration": gettext_lazy("For example: both sides of the certificate, with its latest change."),
    "product_description": gettext_lazy("For example: three pages with a drawing and the table of specifications."),
    "photos": gettext_lazy("For example: front, side and label of the product, in daylight, every word readable."),
    "financial_statements": gettext_lazy("For example: one PDF a year, with the auditor's opinion and all notes."),
    "tax_confirmation": gettext_lazy("For example: the tax authority's letter that no tax of last year is owed."),
    "quality_certificates": gettext_lazy(
        "For example: ISO 9001:2015 with its annex, and the test report of the product."
    ),
    "environment_papers": gettext_lazy("For example: the environmental licence with the seal and its last page."),
    "hi_tech_basis": gettext_lazy("For example: the page of the list with the item marked, and the test report."),
    "export_papers": gettext_lazy(
        "For example: the list of customs declarations of last year, confirmed by the bank."
    ),
    "startup_plan": gettext_lazy("For example: ten pages with the users and revenue of each quarter."),
    "intellectual_property": gettext_lazy("For example: the trade mark certificate with its renewal."),
    "awards": gettext_lazy("For example: the decision or the diploma, one file each."),
}
PART_NAMES = {
    "eligibility": gettext_lazy("Eligibility"),
    "undertakings": gettext_lazy("Undertakings and privacy"),
    "enterprise": gettext_lazy("Enterprise and contact"),
    "product": gettext_lazy("Product description"),
    "figures": gettext_lazy("Figures of three years"),
    "papers": gettext_lazy("Documents"),
    "photos": gettext_lazy("Product photos"),
    "selfmarks": gettext_lazy("Self-scoring by the criteria"),
}

# --- the questions before the start -------------------------------------------------------------------
QUESTIONS = {
    "in_hanoi": gettext_lazy("Does the enterprise have its head office or a production site in Hanoi?"),
    "own_product": gettext_lazy("Is it an industrial product that the enterprise makes itself?"),
    "over_threshold": gettext_lazy("Did the product reach what its track asks, in the last full year?"),
    "on_list": gettext_lazy("Is the product on the Prime Minister's list of hi-tech products?"),
    "undertakes": gettext_lazy(
        "Will the enterprise give undertakings on environment, product quality, intellectual property and the law?"
    ),
    "no_breach": gettext_lazy(
        "Is the enterprise free of serious breaches of tax, environment, labour and intellectual property law?"
    ),
}
UNANSWERED = {
    "in_hanoi": gettext_lazy("Say whether the enterprise is in Hanoi."),
    "own_product": gettext_lazy("Say whether the enterprise makes the product itself."),
    "over_threshold": gettext_lazy("Say whether the product reaches what its track asks."),
    "on_list": gettext_lazy("Say whether the product is on the list of hi-tech products."),
    "undertakes": gettext_lazy("Say whether the enterprise will give the undertakings."),
    "no_breach": gettext_lazy("Say whether there is a serious breach of law."),
}


def question_hint(code: str, track: str) -> str:
    """What helps to answer; on a known track the rule itself."""
    if code == "over_threshold":
        return threshold_in_words(track) if track in tracks.TRACKS else _("The rule stands beside each track above.")
    hints = {
        "in_hanoi": _("One of the two is enough."),
        "own_product": _("Software and IT products count as industrial products."),
        "on_list": _("It counts on the hi-tech track only; on another track a no does not matter."),
        "undertakes": _("You read and give them in the dossier."),
        "no_breach": _("A breach that was settled and confirmed by the authority does not count."),
    }
    return hints[code]


def source(code: str, track: str) -> str:
    """Whether a source confirms the rule, or the registry asks by itself."""
    question = next(q for q in eligibility.QUESTIONS if q.code == code)
    if question.rule_on == eligibility.ALL or track in question.rule_on:
        return _("Rule: guidance %(source)s") % {"source": tracks.SOURCE}
    if question.rule_on and not track:
        return _("Rule on the hi-tech track: guidance %(source)s") % {"source": tracks.SOURCE}
    return _("Question of the registry")


def obstacle(code: str, track: str) -> str:
    """Why a "no" stands in the way."""
    if code == "over_threshold":
        return _("On this track the guidance asks: “%(rule)s”") % {"rule": threshold_in_words(track)}
    reasons = {
        "in_hanoi": _(
            "The programme is for products of enterprises with their head office or a production site in Hanoi."
        ),
        "own_product": _("The programme recognises industrial products of those who make them."),
        "on_list": _("On the hi-tech track the product must be on the Prime Minister's list of hi-tech products."),
        "undertakes": _(
            "The dossier contains undertakings on environment, quality, intellectual property and the law."
        ),
        "no_breach": _("An enterprise with a serious breach of law cannot be put forward."),
    }
    return reasons[code]


def advice(code: str, track: str) -> str:
    """What can be done about it."""
    advices = {
        "in_hanoi": _(
            "If a production site in Hanoi is planned, apply once it works. Your own province may have a programme "
            "of the same kind."
        ),
        "own_product": _(
            "Ask the maker to apply. If you make it together with others, ask the Department who applies."
        ),
        "over_threshold": _(
            "Look whether another track fits, or apply in the season after the product has reached it."
        ),
        "on_list": _("Choose the standard track if the product reaches its threshold."),
        "undertakes": _(
            "Read the undertakings with whoever signs for the enterprise; if one cannot be given, ask the Department."
        ),
        "no_breach": _(
            "A serious breach has to be settled first. When the authority has confirmed that it is, you can apply; "
            "ask the Department if you are not sure."
        ),
    }
    return advices[code]


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
        "photos": _("Attach at least %(n)s photos of the product."),
        "obstacle": _("You answered no: “%(question)s”"),
        "undertakings": _("Read and confirm the undertakings."),
    }
    return sentences[found.code] % {
        "year": found.about,
        "paper": PAPER_NAMES.get(found.about, ""),
        "question": QUESTIONS.get(found.about, ""),
        "n": PHOTOS_ASKED,
    }
