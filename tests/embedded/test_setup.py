"""setup.sh on machines that lack something: a checkout with a stand-in Python and a PATH of stand-ins."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from embedded.state import PROJECT

SYSTEM_TOOLS = (
    "sh",
    "dirname",
    "cat",
    "cksum",
    "grep",
    "mkdir",
    "rm",
    "sleep",
    "env",
    "tail",
    "mktemp",
    "touch",
)
OLD_PYTHON = 'case "$*" in *--version*) echo "Python 3.9.2";; *) exit 1;; esac'
NO_PANGO = 'case "$*" in *"machine pango"*) exit 1;; *embedded.up*) echo "the site starts";; esac'
PANGO_ONCE_INSTALLED = (
    'case "$*" in *"machine pango"*) test -e pango-is-here;; *embedded.up*) echo "the site starts";; esac'
)


class Machine:
    def __init__(self, home: Path, *, root: bool) -> None:
        self.checkout = home / "checkout"
        self.programs = home / "programs"
        self.programs.mkdir()
        (self.checkout / "embedded").mkdir(parents=True)
        (self.checkout / "requirements").mkdir()
        for name in ("run", "dev", "bootstrap"):
            (self.checkout / "requirements" / f"{name}.lock").write_text("a==1\n")
        shutil.copy(PROJECT / "embedded/setup.sh", self.checkout / "embedded/setup.sh")
        for tool in SYSTEM_TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.programs / tool).symlink_to(found)
        self.has("id", "echo 0" if root else "echo 1000")

    def has(self, program: str, does: str) -> None:
        self._write(self.programs / program, does)

    def has_environment(self, python: str) -> None:
        (self.checkout / ".venv/bin").mkdir(parents=True)
        self._write(self.checkout / ".venv/bin/python", python)

    def _write(self, path: Path, does: str) -> None:
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def does(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "embedded/setup.sh", *command],
            cwd=self.checkout,
            env={"PATH": str(self.programs), **settings},
            capture_output=True,
            text=True,
            timeout=30,
        )


@pytest.fixture
def user(tmp_path: Path) -> Machine:
    return Machine(tmp_path, root=False)


@pytest.fixture
def root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, root=True)


def test_an_old_python_is_told_with_the_command_that_helps(user: Machine) -> None:
    user.has("python3", OLD_PYTHON)
    user.has("apt-get", "exit 1")
    user.has("apt-cache", '[ "$2" = python3.12-venv ] && echo "Package: $2"')
    outcome = user.does("run")
    assert outcome.returncode == 2
    assert outcome.stderr == (
        "Python 3.11, 3.12, 3.13 or 3.14 with its venv module is needed and Python 3.9.2 was found; "
        "run: sudo apt-get install python3.12 python3.12-venv\n"
    )


def test_without_any_package_manager_the_variable_is_named(user: Machine) -> None:
    outcome = user.does("run")
    assert outcome.returncode == 2
    assert "no Python was found; install one and name it: PYTHON=/path/to/python3.13 make run" in outcome.stderr


def test_a_suitable_python_is_found_behind_an_old_one(user: Machine) -> None:
    user.has("python3", OLD_PYTHON)
    user.has("python3.12", "exit 0")
    assert user.does("choose-python").stdout == "python3.12\n"


def test_a_named_python_comes_first(user: Machine) -> None:
    user.has("python3", "exit 0")
    user.has("my-python", "exit 0")
    assert user.does("choose-python", PYTHON="my-python").stdout == "my-python\n"


def test_root_gets_python_installed(root: Machine) -> None:
    root.has("python3", OLD_PYTHON)
    root.has("apt-cache", '[ "$2" = python3.13-venv ] && echo "Package: $2"')
    good = root.programs / "python3.13"
    root.has(
        "apt-get",
        f'case "$*" in *install*python3.13-venv*) ln_target={good}; '
        'printf "#!/bin/sh\\nexit 0\\n" >"$ln_target"; "$CHMOD" 755 "$ln_target";; esac',
    )
    outcome = root.does("choose-python", CHMOD=shutil.which("chmod") or "")
    assert outcome.stdout == "python3.13\n"
    assert "python3.13 python3.13-venv" in outcome.stderr


def test_a_missing_pango_is_told_and_the_site_starts_all_the_same(user: Machine) -> None:
    user.has_environment(NO_PANGO)
    user.has("apt-get", "exit 1")
    outcome = user.does("run")
    assert outcome.returncode == 0
    assert outcome.stdout == "the site starts\n"
    assert (
        "Pango is missing, so certificates wait unprinted while everything else runs; to print them: "
        "sudo apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0\n"
    ) in outcome.stderr


@pytest.mark.parametrize("way", ["root", "sudo"])
def test_pango_is_installed_where_we_may(way: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path, root=way == "root")
    machine.has_environment(PANGO_ONCE_INSTALLED)
    machine.has("apt-get", 'case "$*" in *install*libpangoft2*) touch pango-is-here;; esac')
    if way == "sudo":
        machine.has("sudo", '[ "$1" = -n ] || exit 1; shift; [ "$1" = true ] && exit 0; exec "$@"')
    outcome = machine.does("run")
    assert outcome.stdout == "the site starts\n"
    assert "Pango is missing" not in outcome.stderr
    assert (machine.checkout / "pango-is-here").exists()


def test_a_second_start_installs_nothing(user: Machine) -> None:
    user.has_environment(PANGO_ONCE_INSTALLED)
    (user.checkout / "pango-is-here").touch()
    assert "Installing" in user.does("run").stderr
    assert user.does("run").stderr == ""
    (user.checkout / "requirements/run.lock").write_text("a==2\n")
    assert "Installing" in user.does("run").stderr


def test_missing_test_tools_are_an_error_in_continuous_integration_and_a_sentence_elsewhere(
    user: Machine,
) -> None:
    user.has_environment('case "$*" in *test-packages*) echo "chromium qpdf";; *--with-tests*) echo "tests";; esac')
    assert "apt-get install -y --no-install-recommends chromium qpdf" in user.does("test").stderr
    assert user.does("test").stdout == "tests\n"
    outcome = user.does("test", CI="true")
    assert outcome.returncode == 2
    assert outcome.stdout == ""


def test_no_lock_names_a_host() -> None:
    for lock in (PROJECT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert "--index-url" not in text, lock.name


def test_every_lock_agrees_with_the_one_of_development() -> None:
    def pins(name: str) -> set[str]:
        lines = (PROJECT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines()
        return {line.removesuffix(" \\") for line in lines if "==" in line}

    for name in ("base", "run", "bootstrap"):
        assert pins(name) <= pins("dev"), name


def test_the_scripts_are_executable_where_they_are_called() -> None:
    assert os.access(PROJECT / ".ci/run", os.X_OK)
