"""Those who work with the system meanwhile: one stream of decisions a season, from the order to the issued file.

Like people, they press, and when no answer comes they look whether it was done before they press again. The ledger is
theirs: it lies outside the system and knows what was sent and what was acknowledged.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import Any

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.utils import timezone

from core.errors import Refused

LOOK_SECONDS = 0.07
TWICE = 0.3  # so often somebody presses twice at once


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, Any]] = []
        self._lock = Lock()

    def note(self, said: str, act: str, key: str, **facts: Any) -> None:
        row = {"at": time.time(), "said": said, "act": act, "key": key, **facts}
        with self._lock:
            self.rows.append(row)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")

    def acknowledged(self, act: str) -> list[dict[str, Any]]:
        with self._lock:
            return [row for row in self.rows if row["act"] == act and row["said"] == "acknowledged"]

    def count(self, said: str) -> int:
        with self._lock:
            return sum(row["said"] == said for row in self.rows)


def press(ledger: Ledger, act: str, key: str, do: Callable[[], Any]) -> bool:
    """Once. True when the answer came and was yes; a refusal and a broken line are both no answer to rely on."""
    ledger.note("sent", act, key)
    try:
        facts = do()
    except Refused as refused:
        ledger.note("refused", act, key, why=" ".join(map(str, refused.reasons)))
    except DatabaseTrouble as trouble:
        connection.close()
        ledger.note("no answer", act, key, why=type(trouble).__name__)
    else:
        ledger.note("acknowledged", act, key, **(facts or {}))
        return True
    return False


def press_twice(ledger: Ledger, act: str, key: str, do: Callable[[], Any]) -> None:
    """Two hands at the same moment, each on a line of its own."""
    together = Barrier(2)

    def hand() -> None:
        try:
            together.wait(5)
            press(ledger, act, key, do)
        finally:
            connection.close()

    hands = [Thread(target=hand) for _ in range(2)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()


def look(question: Callable[[], Any], default: Any = None) -> Any:
    """An answer of the database, or the default when it does not answer now."""
    try:
        return question()
    except DatabaseTrouble:
        connection.close()
        return default


class Stream(Thread):
    """One season: decision after decision over its products, each with its certificates."""

    def __init__(self, year: int, ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self.year = year
        self.ledger = ledger
        self.open = False  # may it begin another decision?
        self.busy = False
        self.ended = False
        self.lots = 0
        self.random = random.Random(f"{seed} {year}")
        self.pressed_twice: list[str] = []
        self.asked_again = 0
        self.trouble: str | None = None

    def run(self) -> None:
        try:
            while not self.ended:
                if self.open:
                    self.busy = True
                    self._lot()
                    self.busy = False
                else:
                    time.sleep(LOOK_SECONDS / 2)
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    def _lot(self) -> None:
        from certificates import batches
        from certificates.models import Batch, Certificate
        from decisions import release
        from decisions.models import PreparedDecision

        self.lots += 1
        number, secretary, signatory = f"{self.year}-{self.lots}/QĐ", self._user("secretary"), self._user("signatory")
        prepared = PreparedDecision.objects.filter(season__year=self.year, number=number)
        self._until("prepare", number, lambda: self._prepare(number, secretary), prepared.exists)

        def confirm() -> None:
            row = prepared.get()
            typed = row.result_digest[: release.TYPED]
            release.confirm_decision(prepared=row, seen=row.digest(), typed=typed, by=signatory, at=timezone.now())

        self._until("order", number, confirm, prepared.exclude(state="prepared").exists)
        self._wait(prepared.filter(state="released").exists, self._retry_release(number))
        wanted = Certificate.objects.filter(recognition__decision__number=number, replaced_at=None)
        batch = Batch.objects.filter(certificates__in=wanted).distinct()

        def start() -> dict[str, Any]:
            papers = list(wanted)
            at = timezone.now()
            new = batches.start_batch(season_year=self.year, certificates=papers, by=secretary, at=at)
            return {"batch": new.pk, "serials": sorted(c.serial for c in papers)}

        self._until("start", number, start, batch.exists)
        self._wait(lambda: not wanted.filter(draft=None).exists(), self._retry(batch))

        def approve() -> dict[str, Any]:
            row = batch.get()
            seen = batches.list_digest(list(row.certificates.all()))
            batches.approve(batch=row, seen_digest=seen, by=signatory, at=timezone.now())
            return {"batch": row.pk, "digest": seen}

        self._until("approve", number, approve, batch.filter(state="approved").exists)
        self._wait(lambda: not wanted.filter(file=None).exists(), self._retry(batch))

    def _user(self, key: str) -> Any:
        from accounts.models import User

        return self._patiently(lambda: User.objects.get(email=f"{key}@kip.test"))

    def _prepare(self, number: str, by: Any) -> None:
        """The season's decision first, then corrections that name every newest recognition anew."""
        from decisions import preparing
        from programme.models import Season
        from registry.models import Decision, Recognition

        at = timezone.now()
        facts = {
            "number": number,
            "signed_date": timezone.localdate(at),
            "signer_name": "Nguyễn Văn Ký",
            "signer_position": "Phó Chủ tịch",
            "by": by,
            "at": at,
        }
        base = Decision.objects.filter(season_year=self.year, corrects=None).first()
        if base is None:
            preparing.prepare_decision(season=Season.objects.get(year=self.year), **facts)
            return
        newest = Recognition.objects.filter(season_year=self.year, replaced_at=None).order_by("pk")
        changes = [
            {"recognition": row.pk, "change": "correction", "product_name_vi": f"Sản phẩm {index}, lần {self.lots}"}
            for index, row in enumerate(newest, start=1)
        ]
        preparing.prepare_correction(corrects=base, reason="Sửa tên sản phẩm.", changes=changes, **facts)

    # --- pressing, and waiting ------------------------------------------------------------------------------
    def _until(self, act: str, key: str, do: Callable[[], Any], done: Callable[[], bool]) -> None:
        while not look(done, False):
            if act != "prepare" and self.random.random() < TWICE:
                press_twice(self.ledger, act, key, do)
                self.pressed_twice.append(act)
            elif press(self.ledger, act, key, do):
                return
            if self.ended:
                return
            time.sleep(LOOK_SECONDS)

    def _wait(self, done: Callable[[], bool], retry: Callable[[], int]) -> None:
        """Until it is so. What has failed is asked for again, as the page offers."""
        turns = 0
        while not self.ended and not look(done, False):
            time.sleep(LOOK_SECONDS)
            turns += 1
            if turns % 10 == 0:
                self.asked_again += look(retry, 0)

    def _patiently(self, question: Callable[[], Any]) -> Any:
        while (found := look(question)) is None:
            time.sleep(LOOK_SECONDS)
        return found

    def _retry(self, batch: Any) -> Callable[[], int]:
        from certificates import batches, issue
        from core.models import Job

        def again() -> int:
            row = batch.get()
            papers: Sequence[Any] = list(row.certificates.all())
            keys = [f"{row.pk}:{paper.serial}" for paper in papers]
            if not Job.objects.filter(kind__in=issue.KINDS, key__in=keys, state="failed").exists():
                return 0
            secretary = self._user("secretary")
            return batches.retry_failed(batch=row, certificates=papers, by=secretary, at=timezone.now())

        return again

    def _retry_release(self, number: str) -> Callable[[], int]:
        from core.models import Job
        from decisions import release
        from decisions.models import PreparedDecision

        def again() -> int:
            row = PreparedDecision.objects.get(number=number)
            if not Job.objects.filter(kind=release.JOB, key=str(row.pk), state="failed").exists():
                return 0
            release.retry_release(prepared=row, by=self._user("secretary"), at=timezone.now())
            return 1

        return again
