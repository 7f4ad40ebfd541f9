"""The runbook has a section for each alert, and what it tells people to type exists."""

import re
import shlex
from itertools import pairwise
from uuid import UUID

import asyncpg
import pytest
import typer
from typer.core import TyperGroup

from deploy.cli.main import app
from shared.database import Connection, prepare
from tests.conftest import ROOT, TEMPLATE, Migrated
from tests.deploy.observability.queries import alerts
from tests.recognition.honouring.guests import guests, says

TEXT = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
PARTS = ("Symptom", "Check", "Remedy", "Drill")
WITHOUT_ALERT = {
    "A staff account is lost",
    "No network on the evening",
    "A city is lost",
    "A release has to go back",
}
"""What no metric sees."""


def sections() -> dict[str, str]:
    """Return the runbook's sections by their title."""
    _, *parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


SECTIONS = sections()


def anchor(title: str) -> str:
    """Return what a link to a heading ends in, as GitHub makes it."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def blocks(language: str, text: str = TEXT) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def typed(program: str) -> list[str]:
    """Return each command line for a program, from code blocks and from within sentences."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(rf"`({program} [^`…]+)`", TEXT)
    return sorted({line for line in lines if line.startswith(f"{program} ")})


ANCHORS = {anchor(title) for title in SECTIONS}


def test_every_alert_has_its_section_and_names_it() -> None:
    wanted = {rule["annotations"]["runbook_url"].partition("#")[2] for rule in alerts()}

    assert wanted - ANCHORS == set()
    assert ANCHORS - wanted == {anchor(title) for title in WITHOUT_ALERT}
    for rule in alerts():
        section = next(
            text
            for title, text in SECTIONS.items()
            if rule["annotations"]["runbook_url"].endswith(f"#{anchor(title)}")
        )
        assert f"`{rule['alert']}`" in section, rule["alert"]


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_says_what_one_sees_how_to_check_what_to_do_and_how_to_practise(
    title: str,
) -> None:
    places = [SECTIONS[title].find(f"**{part}.**") for part in PARTS]

    assert -1 not in places
    assert all(first < second for first, second in pairwise(places))
    assert blocks("sh", SECTIONS[title])


def test_links_within_the_page_lead_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= ANCHORS


@pytest.mark.parametrize("line", typed("ehrensache"))
def test_an_operators_command_is_understood_with_its_options(line: str) -> None:
    command = typer.main.get_command(app)
    words = [str(UUID(int=1)) if word == "ID" else word for word in shlex.split(line)[1:]]
    while isinstance(command, TyperGroup):
        command = command.commands[words.pop(0)]

    # Reads the words as the command does, without running it; raises over one that is not known.
    with command.make_context("ehrensache", words) as context:
        assert context.command is command


@pytest.mark.parametrize("line", typed("make"))
def test_a_drill_names_tests_that_there_are(line: str) -> None:
    _, target, *given = shlex.split(line)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    if target == "practise":
        [wanted] = given
        file, _, chosen = wanted.removeprefix("TEST=").partition(" -k ")
        names = re.findall(r"def (test_\w+)", (ROOT / file).read_text(encoding="utf-8"))
        assert [name for name in names if chosen in name]


@pytest.mark.parametrize("statements", blocks("sql"))
async def test_sql_can_be_run_as_it_stands(statements: str, postgres: Migrated) -> None:
    async with postgres.server_connection(TEMPLATE) as connection:
        opened = connection.transaction()
        await opened.start()
        try:
            await connection.execute(_within_ours(statements))
        finally:
            await opened.rollback()

    assert statements.rstrip().endswith(";")


async def test_places_that_are_counted_wrongly_are_seen_and_counted_anew(
    postgres: Migrated,
) -> None:
    connection = await asyncpg.connect(postgres.server.superuser_url(TEMPLATE))
    await prepare(connection)
    await connection.execute("set search_path = recognition, extensions")
    opened = connection.transaction()
    await opened.start()
    event_id, [first, second, *_] = await guests(connection, 3, seats=9, wheelchair=2, companion=2)
    await connection.execute("update honouring_event set phase = 'inviting'")
    await says(connection, first, 2)
    await says(connection, second, 1, needs_wheelchair=True, with_access_companion=True)
    before = await _balance(connection, event_id)
    await connection.execute(
        "update place_balance set volunteer_taken = volunteer_taken + 1, standard_taken = 1"
    )
    seen = await connection.fetchval("select value from own_figure where name = 'place_drift'")

    [repair] = [block for block in blocks("sql") if "update recognition.place_balance" in block]
    await connection.execute(_within_ours(repair))
    left = await connection.fetchval("select value from own_figure where name = 'place_drift'")
    after = await _balance(connection, event_id)
    await opened.rollback()
    await connection.close()

    assert (seen, left) == (1, 0)
    assert after == before


async def _balance(connection: Connection, event_id: object) -> dict[str, int]:
    row = await connection.fetchrow(
        "select * from place_balance where honouring_event_id = $1", event_id
    )
    assert row is not None
    return dict(row)


def _within_ours(statements: str) -> str:
    """Return SQL without the transaction of its own, so that nothing of it stays."""
    return re.sub(r"^(begin|commit);$", "", statements, flags=re.MULTILINE)
