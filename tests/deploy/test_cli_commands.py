"""Every command of `ehrensache` explains itself, and tells programs what it tells people."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.cli.progress import Bars
from deploy.cli.terminal import err

WITHOUT_JSON = {
    "up": "runs until it is stopped, and writes a log; `status --json` tells what runs",
    "exporter": "runs until it is stopped, and answers in the format of Prometheus",
}


def _commands(group: TyperGroup, *before: str) -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command, also those within another, by what is typed."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, *before, name)
        elif isinstance(command, TyperCommand):
            yield " ".join((*before, name)), command


COMMANDS = dict(_commands(cast("TyperGroup", get_command(app))))


def _options(command: TyperCommand) -> set[str]:
    return {written for parameter in command.params for written in parameter.opts}


def test_there_is_nothing_but_what_an_operator_is_told_of() -> None:
    assert {"status", "demo load", "partner remove", "dead-letters replay"} < COMMANDS.keys()
    assert WITHOUT_JSON.keys() <= COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_answers_programs_or_there_is_a_reason(name: str) -> None:
    assert ("--json" in _options(COMMANDS[name])) != (name in WITHOUT_JSON)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_says_what_it_does_and_how_it_ends(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "120"})

    assert shown.exit_code == 0
    assert "Exit codes: 0 done" in shown.stdout
    assert COMMANDS[name].help
    assert all(
        parameter.help for parameter in COMMANDS[name].params if isinstance(parameter, TyperOption)
    )


def test_what_cannot_be_taken_back_is_not_done_where_nobody_can_be_asked(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    folder = {"EHRENSACHE_LOCAL": str(tmp_path)}

    refused = CliRunner().invoke(app, ["reset"], env=folder)
    is_kept = (tmp_path / "data").is_dir()
    done = CliRunner().invoke(app, ["reset", "--yes", "--json"], env=folder)

    assert refused.exit_code == 2
    assert "say --yes" in refused.stderr
    assert is_kept
    assert str(tmp_path / "data") in json.loads(done.stdout)["deleted"]
    assert not (tmp_path / "data").exists()


def test_long_work_leaves_a_line_for_each_step_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars.tell("counting")
        bars.tell("packing", 10)
        bars.tell("packing", 100)

    assert not err.is_terminal
    assert capsys.readouterr().err.splitlines() == ["counting …", "packing …"]


def test_a_step_that_nobody_can_measure_is_over_when_the_next_one_begins() -> None:
    bars = Bars()
    bars.tell("counting")
    bars.tell("packing", 10)
    packing = [(task.description, task.percentage) for task in bars.tasks]
    bars.tell("packing", 100)

    assert packing == [("counting", 100), ("packing", 10)]
    assert bars.finished
