"""Workbooks in the hands of an officer."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from core.uploads import XLSX
from core.xlsx.reading import Table, read
from core.xlsx.writing import Sheet, write
from exchange import actions, exporting, writing_job
from exchange.kinds import kind_of
from exchange.models import Import
from tests.story import Story, make_reference


@dataclass
class Office:
    """The officer's side of the exchange, in English so that words can be compared."""

    story: Story

    def season_for(self, kind: str) -> Any:
        return self.story.season() if kind == "dossiers" else None

    def columns(self, kind: str) -> Any:
        return kind_of(kind, self.season_for(kind), self.story.now).columns()

    def export(self, kind: str, **facts: Any) -> bytes:
        season = facts.pop("season", self.season_for(kind))
        return exporting.workbook(kind, for_user=self.story.officer, season=season, at=self.story.now, **facts)

    def rows(self, kind: str, content: bytes | None = None) -> list[dict[str, Any]]:
        """The rows of an export as they were read back."""
        found: Table = read(content or self.export(kind), self.columns(kind))
        return [row.values for row in found.rows]

    def workbook(self, kind: str, *rows: dict[str, Any], keys: dict[str, str] | None = None) -> bytes:
        """Only the columns that the rows name."""
        named = {key for row in rows for key in row}
        columns = [column for column in self.columns(kind) if column.key in named]
        return write(Sheet("Bảng", columns, rows), keys={"kind": kind} if keys is None else keys)

    def preview(self, kind: str, content: bytes, by: Any = None) -> Import:
        return actions.preview(
            kind=kind,
            season=self.season_for(kind),
            content=content,
            name="bang.xlsx",
            by=by or self.story.officer,
            at=self.story.tick(),
        )

    def confirm(self, made: Import) -> Import:
        return actions.confirm(made=made, basis=made.basis, by=self.story.officer, at=self.story.tick())

    def written(self, made: Import) -> Import:
        """Confirmed, and written by the job."""
        self.confirm(made)
        writing_job.finish({"import": made.pk}, None, self.story.tick())
        return Import.objects.get(pk=made.pk)

    def bring_in(self, kind: str, *rows: dict[str, Any]) -> Import:
        return self.written(self.preview(kind, self.workbook(kind, *rows)))

    def errors(self, kind: str, *rows: dict[str, Any]) -> list[tuple[int, str, str]]:
        made = self.preview(kind, self.workbook(kind, *rows))
        return [(e["row"], e["column"], e["words"]) for e in made.errors()]


def upload(content: bytes, name: str = "bang.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, XLSX)


@pytest.fixture
def office(story, monkeypatch):
    """It is always the story's present."""
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    with translation.override("en"):
        story.season()
        make_reference()
        yield Office(story)
