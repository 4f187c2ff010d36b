"""The Department's desk: the worklist with its panel, the check of one dossier, the letters that leave it."""

from dossiers.views.desk.checking import admit, ask_supplement, check, refuse, start_check
from dossiers.views.desk.lists import worklist

__all__ = ["admit", "ask_supplement", "check", "refuse", "start_check", "worklist"]
