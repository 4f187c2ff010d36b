from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import Job


@pytest.mark.django_db
def test_a_healthy_registry_is_well(capsys):
    call_command("doctor")

    assert "The registry is well." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_fault_is_named_with_what_to_do(capsys):
    Job.objects.create(kind="x", key="1", created_at=timezone.now() - timedelta(hours=2))

    with pytest.raises(CommandError, match="jobs"):
        call_command("doctor")
    assert "are worker and beat running?" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_broken_cache_is_a_finding_not_a_crash(settings, capsys):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    with pytest.raises(CommandError, match="cache"):
        call_command("doctor")
