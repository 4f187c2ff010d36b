"""What a worklist is filtered by."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from core import vietnamese
from dossiers import doors
from dossiers.desk_queries import DeskLine
from dossiers.views.desk import words

NOBODY = "0"
MINE = "me"


@dataclass(frozen=True)
class Filters:
    """What the query string asks for; a value that means nothing is left out."""

    search: str = ""
    stage: str = ""
    sector: str = ""
    officer: str = ""
    due: str = ""
    season: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        stage, due, season = query.get("stage", ""), query.get("due", ""), query.get("season", "")
        return cls(
            search=vietnamese.nfc(query.get("q", ""))[:100],
            stage=stage if stage in words.STAGES else "",
            sector=query.get("sector", "")[:20],
            officer=query.get("officer", "")[:12],
            due=due if due in ("soon", "late") else "",
            season=season if season.isdecimal() and len(season) == 4 else "",
        )

    def query(self, **changed: str) -> str:
        """The query string of these filters, some of them changed."""
        names = {"q": self.search, "stage": self.stage, "sector": self.sector, "officer": self.officer}
        pairs = names | {"due": self.due, "season": self.season} | changed
        return urlencode({name: value for name, value in pairs.items() if value})

    def __bool__(self) -> bool:
        return any((self.search, self.stage, self.sector, self.officer, self.due))

    def holds(self, line: DeskLine, *, user: Any, today: date) -> bool:
        if self.stage and line.stage != self.stage:
            return False
        if self.sector and line.sector != self.sector:
            return False
        if self.officer:
            wanted = {MINE: str(user.pk), NOBODY: "None"}.get(self.officer, self.officer)
            if str(line.officer_id) != wanted:
                return False
        if self.due == "soon":
            return line.stage in doors.OPEN and line.clock.is_soon(today)
        if self.due == "late":
            return line.stage in doors.OPEN and line.clock.is_late(today)
        return True
