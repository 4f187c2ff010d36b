"""The session as it goes: agenda, people in the room, votes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from evaluations.models import Seat
from programme.models import Season


class Ballot(models.TextChoices):
    """How a meeting votes."""

    OPEN = "open", pgettext_lazy("ballot", "Open vote")
    SECRET = "secret", pgettext_lazy("ballot", "Secret vote")


class Meeting(models.Model):
    """One session of the council of a season. Planned, then opened, then closed; `version` rises with every act of
    the secretaries, so that whoever acts on an older state is told."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=200)
    chair = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name=_("chaired by"))
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("secretary of the meeting")
    )
    ballot = models.CharField(_("how it votes"), max_length=6, choices=Ballot.choices, default=Ballot.OPEN)
    version = models.PositiveIntegerField(default=0)
    changed_by_name = models.CharField(max_length=200, blank=True)
    # What the proposed order came to, and the least there can be.
    walks = models.PositiveSmallIntegerField(null=True)
    walks_bound = models.PositiveSmallIntegerField(null=True)
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                name="meeting_closed_after_opening",
                condition=Q(closed_at=None) | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season.year}/{self.number}"

    @property
    def is_running(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class AgendaItem(models.Model):
    """A dossier or a point of business. Called, begun when everybody barred has left, ended with the members counted.

    `present`, `entitled` and `needed` are the quorum as it was when the item ended: members in the room, members who
    are not barred, and how many the rule asks for.
    """

    class Kind(models.TextChoices):
        DOSSIER = "dossier", pgettext_lazy("agenda", "Dossier")
        BUSINESS = "business", pgettext_lazy("agenda", "Point of business")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="agenda_items")
    title = models.CharField(_("point of business"), max_length=200, blank=True)
    asks_vote = models.BooleanField(_("the council votes on it"), default=False)
    led_by = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    vote_opened_at = models.DateTimeField(null=True)
    vote_closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    entitled = models.PositiveSmallIntegerField(null=True)
    needed = models.PositiveSmallIntegerField(null=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["meeting", "dossier"], name="agenda_dossier_once"),
            models.UniqueConstraint(
                fields=["meeting"],
                name="agenda_one_item_at_a_time",
                condition=Q(called_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="agenda_dossier_or_words",
                condition=(Q(kind="dossier", dossier__isnull=False) & Q(title=""))
                | (Q(kind="business", dossier=None) & ~Q(title="")),
            ),
            models.CheckConstraint(
                name="agenda_steps_in_order",
                condition=(Q(started_at=None) | Q(called_at__isnull=False))
                & (Q(vote_opened_at=None) | Q(started_at__isnull=False))
                & (Q(vote_closed_at=None) | Q(vote_opened_at__isnull=False))
                & (Q(ended_at=None) | Q(started_at__isnull=False, present__isnull=False))
                & (Q(ended_at=None) | Q(vote_opened_at=None) | Q(vote_closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="agenda_ended_with_quorum", condition=Q(ended_at=None) | Q(present__gte=F("needed"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} #{self.position}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def is_called(self) -> bool:
        return self.called_at is not None and self.ended_at is None

    @property
    def votes_now(self) -> bool:
        return self.vote_opened_at is not None and self.vote_closed_at is None


class Attendance(models.Model):
    """A stretch of time in which a member attended. Whoever goes and comes back has two."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["came_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_one_open", condition=Q(left_at=None)),
            models.CheckConstraint(
                name="attendance_left_after_coming", condition=Q(left_at=None) | Q(left_at__gte=F("came_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.seat}"


class Exit(models.Model):
    """Out of the room because of a conflict with the item. Whoever is barred from the next one too stays out: then
    the exit lasts until the member comes back in, and `item` is the one for which he or she walked out."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="exits")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="exits")
    out_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["out_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "seat"], name="exit_one_open", condition=Q(back_at=None)),
            models.CheckConstraint(
                name="exit_back_after_out", condition=Q(back_at=None) | Q(back_at__gte=F("out_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.seat}"


class Vote(models.Model):
    """A member voted on an item. In a secret vote nothing says how: then only the tally knows, and only sums.

    `entered_by_name`: counted by the secretary from raised hands; the minutes say so for ever.
    """

    class Choice(models.TextChoices):
        FOR = "for", pgettext_lazy("vote", "For")
        AGAINST = "against", pgettext_lazy("vote", "Against")
        ABSTAIN = "abstain", pgettext_lazy("vote", "Abstain")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    is_secret = models.BooleanField()
    choice = models.CharField(max_length=7, choices=Choice.choices, blank=True)
    entered_by_name = models.CharField(max_length=200, blank=True)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["item", "seat"], name="vote_once"),
            models.CheckConstraint(
                name="vote_secret_or_said",
                condition=Q(is_secret=True, choice="", entered_by_name="")
                | Q(is_secret=False, choice__in=["for", "against", "abstain"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.seat}"


class SecretTally(models.Model):
    """The sums of a secret vote. One row an item that is only added to: no trace of who added what."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="secret_tally")
    in_favour = models.PositiveSmallIntegerField(default=0)
    against = models.PositiveSmallIntegerField(default=0)
    abstained = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.item}"
