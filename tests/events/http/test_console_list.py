"""The editors' list finds, counts and pages quickly among years of events."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from services.events.http.console import COUNTED
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.selection import pattern
from services.events.store import console, events
from services.events.store.console import Listed
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.calendars import SITE, draft
from tests.events.stated import statement_of
from tests.visitor import Visitor

LIST = "/konsole/termine"
ROWS = 50


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def listed(pool: Pool, *words: str) -> list[Listed]:
    async with pool.acquire() as connection:
        return await console.listed(connection, None, words, 0, ROWS)


def _copy(event: CalendarEvent, calendar_event_id: UUID, title: str) -> CalendarEvent:
    uid = SITE.uid(calendar_event_id)
    return msgspec.structs.replace(event, calendar_event_id=calendar_event_id, uid=uid, title=title)


async def add(pool: Pool, count: int, title: str) -> None:
    first = await draft(pool, title=f"{title} 0")
    now = datetime.now(UTC)
    async with transaction(pool) as opened:
        ids = await events.new_ids(opened, count - 1)
        made = [_copy(first, each, f"{title} {number}") for number, each in enumerate(ids, start=1)]
        await keep_events(opened, made, SITE, now, Deed("draft_event", "Redaktion"))


async def test_more_than_a_thousand_are_not_counted_and_can_all_be_reached(
    editor: Visitor, pool: Pool
) -> None:
    await add(pool, COUNTED + 1, "Zählfest")
    last = COUNTED // ROWS + 1

    first = await editor.get(f"{LIST}?suche=zählfest")
    twentieth = await editor.get(f"{LIST}?suche=zählfest&seite={last - 1}")
    end = await editor.get(f"{LIST}?suche=zählfest&seite={last}")

    assert "1 bis 50 von mehr als 1.000" in first.text
    assert "Seite 1<" in first.text
    assert "höchstens 5.000" in first.text
    assert "951 bis 1.000 von mehr als 1.000" in twentieth.text
    assert f"seite={last}" in twentieth.text
    assert "1.001 bis 1.001 von 1.001" in end.text
    assert f"seite={last + 1}" not in end.text


async def test_up_to_a_thousand_are_counted(editor: Visitor, pool: Pool) -> None:
    await add(pool, ROWS + 1, "Rechenfest")

    shown = await editor.get(f"{LIST}?suche=rechenfest")

    assert "1 bis 50 von 51" in shown.text
    assert "Seite 1 von 2" in shown.text
    assert "herunterladen (51)" in shown.text


async def test_every_word_has_to_occur_the_third_and_fourth_too(pool: Pool) -> None:
    await draft(pool, title="Lesung im Hof am Bach", place_name="Mühle")
    await draft(pool, title="Lesung im Hof am Berg")

    found = await listed(pool, "lesung", "hof", "bach", "mühle")

    assert [event.title for event in found] == ["Lesung im Hof am Bach"]
    assert await listed(pool, "lesung", "hof", "bach", "berg") == []
    assert await listed(pool, "100%") == []


@pytest.mark.parametrize("function", ["listed", "count"])
async def test_a_search_is_answered_by_the_index(pool: Pool, function: str) -> None:
    """Fails with `like all` alone, for which PostgreSQL reads every row."""
    given: list[object] = [None, [pattern("lesung"), pattern("99123")], ROWS]
    if function == "listed":
        given.insert(2, 0)
    async with transaction(pool) as opened:
        await opened.execute("set local enable_seqscan = off")
        await opened.execute("set local enable_indexscan = off")
        explained = await opened.fetch(f"explain {statement_of(console, function)}", *given)

    plan = "\n".join(row[0] for row in explained)
    assert "on calendar_event_searched" in plan
    assert "Index Cond: ((searched ~~ '%lesung%'::text) AND (searched ~~ '%99123%'::text))" in plan
