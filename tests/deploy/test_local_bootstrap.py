"""The first step of every make target: installs once, again when the lock changes."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from deploy.local import bootstrap
from deploy.local.layout import ROOT

PIP = '#!/bin/sh\necho "$@" >> "{journal}"\n{ending}\n'


class Tree(msgspec.Struct):
    """A checkout whose virtual environment writes down what pip is asked for."""

    root: Path

    @property
    def asked(self) -> list[str]:
        """Return what pip was asked for."""
        journal = self.root / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    def lock(self, text: str) -> None:
        """Write the lock."""
        (self.root / "requirements.lock").write_text(text)

    def pip(self, code: int) -> None:
        """Let pip end with this code."""
        self.pip_that(f"exit {code}")

    def pip_that(self, ending: str) -> None:
        """Let pip end in this way."""
        programs = self.root / ".local" / "venv" / "bin"
        programs.mkdir(parents=True, exist_ok=True)
        (programs / "pip").touch()
        python = programs / "python"
        python.write_text(PIP.format(journal=self.root / "journal", ending=ending))
        python.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run the bootstrap with a command."""
        script = self.root / "deploy" / "local" / "bootstrap.py"
        return subprocess.run(
            [sys.executable, script, *command], capture_output=True, text=True, check=False
        )


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "deploy" / "local").mkdir(parents=True)
    shutil.copy(bootstrap.__file__, tmp_path / "deploy" / "local")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    tree = Tree(tmp_path)
    tree.lock("a==1")
    tree.pip(0)
    return tree


def test_the_lock_is_installed_with_its_hashes_once(tree: Tree) -> None:
    first, second = tree.run("echo", "ran"), tree.run("echo", "ran")

    assert (first.stdout, second.stdout) == ("ran\n", "ran\n")
    assert [line.split("install -qq ")[1] for line in tree.asked] == [
        f"--require-hashes -r {tree.root / 'requirements.lock'}",
        f"--no-deps --no-build-isolation --editable {tree.root}",
    ]


def test_a_changed_lock_is_installed_again(tree: Tree) -> None:
    tree.run()

    tree.lock("a==2")
    tree.run()

    assert len(tree.asked) == 4


def test_an_interrupted_installation_ends_with_a_sentence_and_is_tried_again(tree: Tree) -> None:
    tree.pip_that("kill -INT $PPID; exec sleep 5")
    interrupted = tree.run("echo", "ran")
    tree.pip(0)
    mended = tree.run("echo", "ran")

    assert interrupted.returncode == 130
    assert interrupted.stderr.splitlines()[-1].startswith("Interrupted.")
    assert "Traceback" not in interrupted.stderr
    assert mended.stdout == "ran\n"


def test_a_failed_installation_says_what_to_do_and_is_tried_again(tree: Tree) -> None:
    tree.pip(1)
    failed = tree.run("echo", "ran")
    tree.pip(0)
    mended = tree.run("echo", "ran")

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "Remedy: check the network" in failed.stderr
    assert mended.stdout == "ran\n"


def test_programs_of_the_environment_come_first(tree: Tree) -> None:
    program = tree.root / ".local" / "venv" / "bin" / "pytest"
    program.write_text("#!/bin/sh\necho own\n")
    program.chmod(0o755)

    assert tree.run("pytest").stdout == "own\n"


def test_a_commands_exit_code_is_passed_on(tree: Tree) -> None:
    assert tree.run("sh", "-c", "exit 7").returncode == 7


def test_make_alone_shows_the_manual() -> None:
    make = shutil.which("make")
    assert make
    manual = subprocess.run(
        [make, "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    for target in ("up", "reset", "test", "check", "fmt", "bench", "clean"):
        assert f"make {target} " in manual


def test_without_a_browser_the_tests_say_what_to_install(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "deploy.local.chromium"]
    missing = subprocess.run(
        program, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    found = subprocess.run(program, cwd=ROOT, env={"PATH": str(tmp_path)}, check=False)

    assert missing.returncode == 1
    assert "apt install chromium" in missing.stderr
    assert found.returncode == 0
