"""Everybody reads the log; nobody writes it by hand."""

from accounts.access import Rule

RULES: dict[str, Rule] = {}
