"""A failure shows who is to blame for it, and a killed run leaves nothing to the next."""

from collections.abc import Iterator

import pytest

from tests.containers.composition import BUSY_BOX, PREFIX, docker
from tests.containers.leftovers import last_words, sweep

LEFT = f"{PREFIX}-left"


@pytest.fixture(autouse=True)
def sweeping() -> Iterator[None]:
    yield
    sweep(LEFT)


def start(name: str, program: str, *options: str) -> None:
    container = ("--detach", f"--name={LEFT}-{name}", *options, "--entrypoint=sh", BUSY_BOX)
    docker("run", *container, "-c", program)


def test_only_a_container_that_is_not_well_is_shown() -> None:
    start("done", "echo all is done")
    start("broken", "echo the key is missing >&2; exit 3")
    docker("wait", f"{LEFT}-done", f"{LEFT}-broken")

    shown = last_words()

    assert f"{LEFT}-broken: exited , exit code 3" in shown
    assert "the key is missing" in shown
    assert "all is done" not in shown


def test_all_are_shown_where_none_is_to_blame() -> None:
    start("done", "echo all is done")
    docker("wait", f"{LEFT}-done")

    assert "all is done" in last_words()


def test_nothing_is_left_of_a_run_that_was_killed() -> None:
    docker("network", "create", f"{LEFT}-edge")
    start("running", "sleep 600", f"--volume={LEFT}-data:/data", f"--network={LEFT}-edge")

    sweep(LEFT)

    for kind in ("container", "volume", "network"):
        everywhere = ("--all",) if kind == "container" else ()
        found = docker(kind, "ls", *everywhere, "--quiet", f"--filter=name={LEFT}")
        assert not found, kind
