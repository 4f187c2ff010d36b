"""Acts with their moments, played in the order of time: the audit log then reads as the years went by. Pure."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

Act = Callable[[datetime], object]


class Diary:
    """An act may note further acts while the diary is played, as long as they lie ahead."""

    def __init__(self) -> None:
        self._pages: list[tuple[datetime, int, Act]] = []
        self._count = 0
        self._played: datetime | None = None

    def note(self, at: datetime, act: Act) -> None:
        """Raises ValueError for a moment that the play has passed already."""
        if self._played is not None and at < self._played:
            raise ValueError(f"{at} lies before {self._played}, which was played already.")
        self._count += 1
        heapq.heappush(self._pages, (at, self._count, act))

    def play(self) -> int:
        """Run every act once; returns how many there were."""
        done = 0
        while self._pages:
            at, _, act = heapq.heappop(self._pages)
            self._played = at
            act(at)
            done += 1
        return done


class Calendar:
    """Moments in office hours, in one time zone."""

    def __init__(self, zone: tzinfo, today: date) -> None:
        self.zone = zone
        self.today = today

    def on(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def at_work(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """The same, on the Friday before when the day falls on a weekend."""
        return self.on(day - timedelta(days=max(0, day.weekday() - 4)), hour, minute)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)
