"""`.env.example` and the settings name the same things."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
READ_IN_SETTINGS = re.compile(r"""\benv(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]*)["']""")
READ_IN_COMPOSE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")
EXPLAINED = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
VIETNAMESE_LETTER = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def names_read_by_settings() -> set[str]:
    return set(READ_IN_SETTINGS.findall((PROJECT / "hanoi_kip/settings.py").read_text(encoding="utf-8")))


def names_read_by_compose() -> set[str]:
    return set(READ_IN_COMPOSE.findall((PROJECT / "docker-compose.yml").read_text(encoding="utf-8")))


def example() -> str:
    return (PROJECT / ".env.example").read_text(encoding="utf-8")


def test_the_settings_read_something() -> None:
    assert {"DATABASE_URL", "REDIS_URL", "KIP_SECRET_KEY"} <= names_read_by_settings()


def test_every_setting_is_explained() -> None:
    missing = (names_read_by_settings() | names_read_by_compose()) - set(EXPLAINED.findall(example()))
    assert not missing


def test_nothing_is_explained_that_nobody_reads() -> None:
    unread = set(EXPLAINED.findall(example())) - names_read_by_settings() - names_read_by_compose()
    assert not unread


def test_each_explanation_has_both_languages() -> None:
    for block in re.split(r"\n\s*\n", example()):
        names = EXPLAINED.findall(block)
        if not names:
            continue
        words = [line for line in block.splitlines() if line.startswith("# ") and not EXPLAINED.match(line)]
        assert any(VIETNAMESE_LETTER.search(line) for line in words), names
        english = [part for line in words for part in line.split(" / ") if not VIETNAMESE_LETTER.search(part)]
        assert english, names


def test_no_value_is_secret() -> None:
    for name in ("KIP_SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"):
        assert re.search(rf"^{name}=$", example(), re.MULTILINE)
