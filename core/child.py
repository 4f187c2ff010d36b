"""Work on a file that nobody trusts, in a process of its own: ten seconds, 512 MB, no file written, no environment.

`run` starts this same file as a script; there it sets the limits and runs the named script with the bytes on stdin.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 30
# What a Python needs to find its own libraries; secrets of the site are not among it.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "SYSTEMROOT")


def run(script: Path, content: bytes) -> bytes | None:
    """What the script wrote to stdout; None when it failed, took too long or wanted too much."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        # -P: the folder of this file holds modules named like those of the standard library.
        done = subprocess.run(  # noqa: S603 (own script, no shell)
            [sys.executable, "-P", "-B", __file__, str(script)],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env=environment,
        )
    except (subprocess.TimeoutExpired, BrokenPipeError):
        return None
    return done.stdout if done.returncode == 0 else None


def _limit() -> None:
    import resource

    for kind, size in (
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (size, size))


if __name__ == "__main__":
    _limit()
    runpy.run_path(sys.argv[1], run_name="__main__")
