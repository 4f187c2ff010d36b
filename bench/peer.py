"""pretalx computes the scores of as many reviews: the nearest program that anybody can install.

It gets a virtual environment of its own from the package index and a database of its own; nothing of it stays in the
project. `install` says in one sentence why it could not be had.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

CATEGORIES = 5
# What this measurement was written for; newer ones have moved the function.
VERSION = "pretalx==2025.2.2"

_LOAD = """
import datetime as dt, random, sys
import django; django.setup()
from django.utils.timezone import now
from django_scopes import scope, scopes_disabled
from pretalx.event.models import Event
from pretalx.event.utils import create_organiser_with_team
from pretalx.person.models import User, SpeakerProfile
from pretalx.submission.models import Review, ReviewScore, ReviewScoreCategory, Submission
submissions, reviewers, categories = map(int, sys.argv[1:])
drawn = random.Random(766)
with scopes_disabled():
    admin = User.objects.create_user(email="admin@bench.test", password=None, name="Admin")
    organiser, team = create_organiser_with_team(name="Bench", slug="bench", users=[admin])
    event = Event.objects.create(name="Bench", slug="bench", organiser=organiser, is_public=True, timezone="UTC",
        date_from=now().date(), date_to=now().date() + dt.timedelta(1), email="a@bench.test",
        locale_array="en", locale="en")
with scope(event=event):
    event.build_initial_data()
    event.score_categories.all().delete()
    levels = []
    for number in range(categories):
        facts = {"event": event, "name": f"C{number}", "weight": 1 + number % 3, "active": True}
        category = ReviewScoreCategory.objects.create(**facts)
        levels.append([ReviewScore.objects.create(category=category, value=v, label=str(v)) for v in range(11)])
    kind = event.submission_types.first()
    mails = [f"r{n}@bench.test" for n in range(reviewers)]
    people = [User.objects.create_user(email=mail, password=None, name=mail) for mail in mails]
    talks = Submission.objects.bulk_create([
        Submission(event=event, code=f"B{n:05d}", title=f"T{n}", submission_type=kind, state="submitted",
                   content_locale="en") for n in range(submissions)])
    Review.objects.bulk_create([Review(submission=t, user=p, text="") for t in talks for p in people], batch_size=2000)
    through = Review.scores.through
    through.objects.bulk_create([through(review_id=pk, reviewscore_id=drawn.choice(options).pk)
        for pk in Review.objects.values_list("pk", flat=True) for options in levels], batch_size=5000)
"""

_MEASURE = """
import json, time
import django; django.setup()
from django.db import connection
from django_scopes import scope, scopes_disabled
from pretalx.event.models import Event
from pretalx.submission.models import ReviewScoreCategory
import pretalx
with scopes_disabled():
    event = Event.objects.get(slug="bench")
with scope(event=event):
    reviews = event.reviews.count()
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    def served():
        try:
            return int(open(f"/proc/{pid}/schedstat").read().split()[0]) / 1e9
        except OSError:
            return 0.0
    wall, own, server = time.perf_counter(), time.process_time(), served()
    ReviewScoreCategory.recalculate_scores(event)
    facts = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - own + served() - server,
             "reviews": reviews, "version": pretalx.__version__}
print("FACTS" + json.dumps(facts))
"""


class Unavailable(Exception):
    """The peer cannot be measured here; the message is the sentence for the report."""


def install(folder: Path) -> Path:
    """Its Python. Raises Unavailable."""
    python = folder / "venv" / "bin" / "python"
    if python.exists():
        return python
    uv = Path(sys.executable).with_name("uv")
    make = [str(uv), "venv", "--quiet"] if uv.exists() else [sys.executable, "-m", "venv"]
    put = [str(uv), "pip", "install", "--quiet", "--python", str(python)] if uv.exists() else None
    try:
        subprocess.run([*make, str(folder / "venv")], check=True, capture_output=True, text=True, timeout=120)
        put = put or [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*put, VERSION, "psycopg[binary]"], check=True, capture_output=True, text=True, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder / "venv", ignore_errors=True)
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        reason = said[-1][:200] if said else "no reason given"
        raise Unavailable(f"pretalx could not be installed from the package index ({reason}).") from None
    return python


def measure(folder: Path, *, socket: str, database: str, submissions: int, reviewers: int) -> dict[str, Any]:
    """Load its tables and let it compute once. Raises Unavailable."""
    python = install(folder)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DJANGO_SETTINGS_MODULE": "pretalx.settings",
        "PRETALX_DB_TYPE": "postgresql",
        "PRETALX_DB_NAME": database,
        "PRETALX_DB_USER": "kip",
        "PRETALX_DB_HOST": socket,
        "PRETALX_DATA_DIR": str(data),
        "PRETALX_FILESYSTEM_STATIC": str(data / "static"),
        "PRETALX_SITE_URL": "http://127.0.0.1:18991",
        "PRETALX_DEBUG": "False",
    }
    steps = (
        ("its tables", ["-m", "pretalx", "migrate", "-v0"]),
        ("its reviews", ["-c", _LOAD, str(submissions), str(reviewers), str(CATEGORIES)]),
        ("its computation", ["-c", _MEASURE]),
    )
    answer = ""
    for words, arguments in steps:
        done = subprocess.run([str(python), *arguments], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise Unavailable(f"pretalx was installed, but {words} failed ({said[-1][:200]}).")
        answer = done.stdout
    found: dict[str, Any] = json.loads(answer.rpartition("FACTS")[2])
    return found
