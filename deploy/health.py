"""The health check of the web container: ready means database, cache and migrations answer."""

import os
import sys
import urllib.request

READY = "http://127.0.0.1:8000/readyz"


def main() -> int:
    host = os.environ.get("KIP_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(READY, headers={"Host": host or "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=8) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
