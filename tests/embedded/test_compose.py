"""What the deployment files promise: every service watched, nobody root, every image pinned."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PINNED = re.compile(r":v?\d+\.\d+(\.\d+)?([-.]\w+)*$")

every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_whole_registry_is_there() -> None:
    assert set(SERVICES) == {"proxy", "web", "worker", "beat", "migrate", "postgres", "broker", "cache", "clamav"}


def test_only_the_virus_scanner_is_optional_and_nobody_waits_for_it() -> None:
    assert {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service} == {
        "clamav": ["scan"]
    }
    assert not [name for name, service in SERVICES.items() if "clamav" in service.get("depends_on", {})]


def test_the_worker_reaches_the_virus_scanner_by_the_name_the_settings_tell() -> None:
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")

    assert "KIP_CLAMD=tcp://clamav:3310" in example
    assert set(SERVICES["worker"]["networks"]) & set(SERVICES["clamav"]["networks"])


@every_service
def test_a_service_is_watched(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@every_service
def test_a_service_is_not_root(name: str) -> None:
    assert SERVICES[name]["user"].split(":")[0] not in ("", "0", "root")
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


@every_service
def test_a_service_is_pinned(name: str) -> None:
    assert PINNED.search(SERVICES[name]["image"])


@every_service
def test_a_service_comes_back_except_the_one_that_runs_once(name: str) -> None:
    assert SERVICES[name]["restart"] == ("no" if name == "migrate" else "unless-stopped")


@every_service
def test_only_the_proxy_is_reachable(name: str) -> None:
    assert ("ports" in SERVICES[name]) == (name == "proxy")


def test_the_data_have_no_way_out() -> None:
    assert COMPOSE["networks"]["data"]["internal"] is True
    for name in ("postgres", "broker", "cache"):
        assert SERVICES[name]["networks"] == ["data"]


def test_every_volume_is_named_and_used() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_no_password_is_written_down() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "AUTH" in name or name.endswith("_URL"):
                assert "${" in value


def test_the_images_are_built_on_pinned_ones_and_end_as_ordinary_users() -> None:
    bases = re.findall(r"^FROM (\S+) AS (\w+)", DOCKERFILE, re.MULTILINE)
    assert {stage for _, stage in bases} == {"packages", "app", "proxy"}
    assert all(PINNED.search(image) for image, _ in bases)
    for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[2:]:
        assert "\nUSER 10001:10001\n" in stage
        assert "\nHEALTHCHECK " in stage


def test_the_queue_never_forgets_and_the_cache_may() -> None:
    assert "noeviction" in SERVICES["broker"]["command"][-1]
    assert "allkeys-lru" in SERVICES["cache"]["command"][-1]
