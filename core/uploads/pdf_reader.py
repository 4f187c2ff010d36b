"""Run by `core.child` alone: reads a PDF from stdin and writes one word about it."""

import io
import re
import resource
import sys
from pathlib import Path

import pikepdf

MAX_PAGES = 2_000
MAX_PARTS = 500_000
MUCH_MEMORY = 256 * 1024 * 1024
COMMANDS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE")
ACTING_ADDRESS = re.compile(rb"\s*(javascript|vbscript|data|file):", re.IGNORECASE)


def most_memory() -> int:
    """The most that this process has held, in bytes. `ru_maxrss` is asked only where there is no better mark: a new
    process inherits it from the one that started it, however large that one was."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def verdict(content: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return "password"
            if not 0 < len(pdf.pages) <= MAX_PAGES:
                return "broken"
            return "active" if is_active(pdf) else "ok"
    except pikepdf.PasswordError:
        return "password"
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        # The reader calls a file broken, too, when its memory has run out in the middle.
        return "heavy" if most_memory() > MUCH_MEMORY else "broken"


def is_active(pdf: pikepdf.Pdf) -> bool:
    """Is there an action that runs code, starts a program or sends data, or an address opened by itself? So counts
    a PDF too large to look through."""
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") == "/URI":
        return True
    budget = MAX_PARTS
    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            part = waiting.pop()
            budget -= 1
            if budget < 0:
                return True
            if isinstance(part, pikepdf.Dictionary):
                if "/JS" in part or "/XFA" in part or part.get("/S") in COMMANDS:
                    return True
                if part.get("/S") == "/URI" and ACTING_ADDRESS.match(bytes(part.get("/URI", b""))):
                    return True
                inner = part.values()
            elif isinstance(part, pikepdf.Array):
                inner = iter(part)
            else:
                continue
            waiting += [p for p in inner if isinstance(p, pikepdf.Dictionary | pikepdf.Array) and not p.is_indirect]
    return False


if __name__ == "__main__":
    sys.stdout.write(verdict(sys.stdin.buffer.read()))
