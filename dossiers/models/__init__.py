"""The facts of a dossier. `Dossier.stage` is written by `dossiers.workflow` and by nothing else."""

from dossiers.models.conflicts import BreakGlass, Conflict, Ground, LikelyConflict
from dossiers.models.desk import BulkAct, CheckMark, Opening, Phrase, SavedFilter, StaffNote
from dossiers.models.documents import Document, Scan, Upload
from dossiers.models.dossier import (
    Dossier,
    DossierQuerySet,
    SelfMark,
    Stage,
    StageChange,
    YearFigure,
    latest_figure,
)
from dossiers.models.supplements import Defect, DossierVersion, SupplementRequest
from dossiers.models.talk import FieldChange, Message

__all__ = [
    "BreakGlass",
    "BulkAct",
    "CheckMark",
    "Conflict",
    "Defect",
    "Document",
    "Dossier",
    "DossierQuerySet",
    "DossierVersion",
    "FieldChange",
    "Ground",
    "LikelyConflict",
    "Message",
    "Opening",
    "Phrase",
    "SavedFilter",
    "Scan",
    "SelfMark",
    "StaffNote",
    "Stage",
    "StageChange",
    "SupplementRequest",
    "Upload",
    "YearFigure",
    "latest_figure",
]
