"""The letters of the invented past. The actions wrote them, but nobody is to be told today what happened years ago."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from core.models import Job
from dossiers.models import Dossier, Stage
from mail.actions import JOB
from mail.models import Letter

# What is younger goes the usual way, through the worker into the mailbox of the demonstration.
YOUNG = timedelta(days=3)
BY = "load_demo (minh họa – demonstration)"
# Decisions about these still wait for the person who lets them out.
OPEN_STAGES = (Stage.ELIGIBLE, Stage.REFUSED)


def count_the_old_as_sent(now: datetime) -> int:
    """They count as sent at the moment they were written, by the loader and not by a person; their jobs are done."""
    open_ids = [str(pk) for pk in Dossier.objects.filter(stage__in=OPEN_STAGES).values_list("pk", flat=True)]
    about_open = Q(about_model=Dossier._meta.label_lower, about_id__in=open_ids)
    held_too_long = Q(state=Letter.State.HELD) & ~about_open
    old = Letter.objects.filter(Q(state=Letter.State.WAITING, created_at__lt=now - YOUNG) | held_too_long)
    keys = [letter.job_key for letter in old.only("pk", "round")]
    Job.objects.filter(kind=JOB, key__in=keys).update(state=Job.State.DONE, attempt=1, finished_at=now)
    return old.update(state=Letter.State.SENT, sent_at=F("created_at"), ended_by_name=BY, secrets=[])
