"""Issuer, number and dates of the invented certificates: most are valid, some end soon, one ended meanwhile. Pure."""

from datetime import date, timedelta
from typing import Any, Protocol

ISSUERS = (
    "Tổ chức chứng nhận Sao Khuê (minh họa)",
    "Trung tâm đo lường Thăng Bình (minh họa)",
    "Viện chứng nhận Hồng Lạc (minh họa)",
)
OFFICE = "Cơ quan môi trường (minh họa)"
RUNNING = 2026
# The enterprise whose certificate ended after it had filed, and how many days ago.
ENDED = ("bennua", "checking")
ENDED_DAYS = 2
SOON_DAYS = (18, 27, 34, 41, 55)


class HasCertificates(Protocol):
    """What of a case decides about its certificates."""

    number: int
    ware: Any
    entry: Any


def facts_of(case: HasCertificates, paper: str, *, today: date, on: date, edition: int) -> dict[str, Any]:
    """`on` is the day of the upload; a second edition is always a fresh one."""
    quality = paper == "quality_certificates"
    issued_on = on - timedelta(days=(40 + case.number * 7 % 300) if edition == 1 else 5)
    valid_until = issued_on + timedelta(days=3 * 365)
    if case.entry.season == RUNNING and edition == 1:
        valid_until = today + timedelta(days=200 + case.number * 37 % 700)
        if quality and (case.ware.maker, case.entry.stage) == ENDED:
            valid_until = today - timedelta(days=ENDED_DAYS)
        elif quality and case.number % 8 == 3:
            valid_until = today + timedelta(days=SOON_DAYS[case.number // 8 % len(SOON_DAYS)])
    return {
        "issuer": ISSUERS[case.number % len(ISSUERS)] if quality else OFFICE,
        "reference": f"MH-{case.entry.season}-{case.number + 1:03d}{'' if edition == 1 else '-B'}",
        "issued_on": issued_on,
        "valid_until": valid_until,
    }
