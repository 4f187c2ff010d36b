"""What happens beside the procedure: people of an enterprise, its sites, words between the desk and the enterprises,
and a dossier that came on paper."""

from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from core.uploads import PDF, CheckedFile
from demo import people, pictures, texts
from demo.cases import Case, World
from dossiers import actions, talk
from dossiers.papers import required_on
from enterprises.actions import add_representative, add_site
from enterprises.models import RepresentativeRole, Site
from onestop.actions import Counter, receive

# Whom the consultant serves; the first has the clerk and the two sites.
SERVED = ("songto", "kecho")
# The dossier that came to the counter.
ON_PAPER = ("trangtho", "submitted")
SITES = (
    (Site.Kind.PRODUCTION, "Nhà máy đèn Thành Ốc (minh họa)", "Lô M-31, đường trục số 2", "00493"),
    (Site.Kind.BRANCH, "Chi nhánh Cổ Loa (minh họa)", "Số 15, đường Thành Ốc", "00454"),
)


def is_on_paper(case: Case) -> bool:
    return (case.ware.maker, case.entry.stage) == ON_PAPER


def note_people(world: World, at: datetime) -> None:
    """Late enough that both enterprises are registered."""
    world.diary.note(at, partial(_people, world))
    world.diary.note(at + timedelta(minutes=20), partial(_sites, world))


def _people(world: World, at: datetime) -> None:
    consultant, clerk = world.open(people.CONSULTANT, at=at), world.open(people.CLERK, at=at)
    for key in SERVED:
        world.enter(key, at)
        add_representative(
            enterprise=world.enterprises[key],
            user=consultant,
            position=people.CONSULTANT.title,
            role=RepresentativeRole.FILLS_IN,
            is_consultant=True,
            by=_signer(world, key),
            at=at,
        )
    add_representative(
        enterprise=world.enterprises[SERVED[0]],
        user=clerk,
        position=people.CLERK.title,
        role=RepresentativeRole.FILLS_IN,
        by=_signer(world, SERVED[0]),
        at=at,
    )


def _signer(world: World, key: str) -> object:
    return world.users[world.makers[key].representative.mailbox]


def _sites(world: World, at: datetime) -> None:
    for kind, name, street, ward in SITES:
        add_site(
            enterprise=world.enterprises[SERVED[0]],
            kind=kind,
            name=name,
            street=street,
            ward_id=ward,
            by=_signer(world, SERVED[0]),
            at=at,
        )


def note_words(cases: list[Case], day: datetime) -> None:
    """Notes of colleagues and two conversations; `day` is the morning of the last working day."""
    checking = [case for case in cases if case.entry.stage == "checking"]
    for case, words in zip(_by_maker(checking, "bennua", "tamngai", "thapbut"), texts.STAFF_NOTES, strict=True):
        case.world.diary.note(day + timedelta(minutes=5 * case.number % 50), partial(_note, case, words))
    (answered,) = _by_maker([c for c in cases if c.entry.stage == "supplement"], "songto")
    (waiting,) = _by_maker(checking, "tamngai")
    for index, (from_department, words) in enumerate(texts.TALK_ANSWERED):
        act = partial(_say, answered, words, from_department)
        answered.world.diary.note(day + timedelta(hours=index, minutes=10), act)
    answered.world.diary.note(day + timedelta(hours=3), partial(_read, answered))
    for _from_department, words in texts.TALK_WAITING:
        waiting.world.diary.note(day + timedelta(hours=4), partial(_say, waiting, words, False))


def _by_maker(cases: list[Case], *makers: str) -> list[Case]:
    return [next(case for case in cases if case.ware.maker == maker) for maker in makers]


def _note(case: Case, words: str, at: datetime) -> None:
    actions.write_note(dossier=case.dossier, text=words, by=case.officer, at=at)


def _say(case: Case, words: str, from_department: bool, at: datetime) -> None:
    """Whoever answers has read what stood there."""
    by = case.officer if from_department else case.applicant
    talk.mark_read(dossier=case.dossier, by=by, at=at)
    talk.write(dossier=case.dossier, text=words, by=by, at=at)


def _read(case: Case, at: datetime) -> None:
    talk.mark_read(dossier=case.dossier, by=case.officer, at=at)


def receive_on_paper(case: Case, at: datetime) -> None:
    """An enterprise without an account brought its papers to the counter; two of them were scanned there."""
    world, ware = case.world, case.ware
    maker = world.makers[ware.maker]
    scans = [
        (code, CheckedFile(pictures.paper(code, 1, case.owner_of(code)), PDF, pictures.paper_name(code)))
        for code in ("application_form", "business_registration")
    ]
    papers = [paper.code for paper in required_on(ware.track)]
    counter = Counter(
        season=world.seasons[case.entry.season],
        track=ware.track,
        received_at=at,
        tax_code=maker.tax_code,
        enterprise_facts=world.record_of(maker),
        product_facts=world.product_of(ware),
        contact={"contact_name": maker.representative.full_name, "contact_phone": world.record_of(maker)["phone"]},
        papers={code: 3 if code == "photos" else 1 for code in papers[:-1]},
        scans=scans,
    )
    token = uuid5(NAMESPACE_URL, f"demo:{ware.maker}")
    dossier = receive(counter=counter, token=token, by=case.officer, at=at)
    case.adopt(dossier)
