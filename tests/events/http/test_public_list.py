"""What citizens' list finds, in which order, and where PostgreSQL looks for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.content import DEFAULT_ZONE
from services.events.selection import Selection
from services.events.store import calendar
from services.events.store.calendar import Asked
from shared.database import Pool, transaction
from shared.ical.timezone import instant, wall_clock
from tests.events.calendars import publish
from tests.events.stated import statement_of

NOW = wall_clock(datetime.now(UTC), DEFAULT_ZONE).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WANTED = {
    "Dauerausstellung": (NOW - 360 * DAY, 365 * DAY),
    "Kirchentag": (NOW - 2 * DAY, 3 * DAY),
    "Nachtwache": (NOW - 20 * HOUR, 23 * HOUR),
    "Frühschoppen": (NOW - HOUR, 3 * HOUR),
    "Chorprobe": (NOW + 5 * DAY, 2 * HOUR),
    "Zeltlager": (NOW + 6 * DAY, 9 * DAY),
    "Hoffest": (NOW + 7 * DAY, 6 * HOUR),
}
"""By title: begin and length, in the order of the list."""
OVER = {
    "Vorjahresschau": (NOW - 300 * DAY, 200 * DAY),
    "Frühstück": (NOW - 20 * HOUR, 2 * HOUR),
    "Vollversammlung": (NOW - 30 * HOUR, 4 * HOUR),
}


@pytest.fixture(scope="module")
async def calendar_of_all_lengths(pool: Pool) -> None:
    for title, (starts, lasts) in reversed((WANTED | OVER).items()):
        await publish(pool, title=title, starts=starts, ends=starts + lasts)


async def titles(pool: Pool, asked: Asked, offset: int = 0, most: int = 100) -> list[str]:
    async with pool.acquire() as connection:
        return [dated.title for dated in await calendar.dates(connection, asked, offset, most)]


@pytest.mark.usefixtures("calendar_of_all_lengths")
async def test_what_goes_on_is_found_however_long_ago_it_began(pool: Pool) -> None:
    now = datetime.now(UTC)

    assert await titles(pool, Asked(since=now, until=now + 100 * DAY)) == list(WANTED)


@pytest.mark.usefixtures("calendar_of_all_lengths")
async def test_pages_follow_each_other_without_a_gap(pool: Pool) -> None:
    now = datetime.now(UTC)
    asked = Asked(since=now, until=now + 100 * DAY)

    pages = [await titles(pool, asked, offset, 2) for offset in range(0, len(WANTED), 2)]

    assert [title for page in pages for title in page] == list(WANTED)


@pytest.mark.usefixtures("calendar_of_all_lengths")
async def test_an_end_leaves_out_what_begins_later(pool: Pool) -> None:
    now = datetime.now(UTC)

    found = await titles(pool, Asked(since=now, until=now + DAY))

    assert found == ["Dauerausstellung", "Kirchentag", "Nachtwache", "Frühschoppen"]


async def test_each_of_four_words_has_to_occur(pool: Pool) -> None:
    later = NOW + 400 * DAY
    await publish(pool, title="Lesung im Hof am Bach", place_name="Mühle", starts=later)
    await publish(pool, title="Lesung im Hof am Berg", starts=later)
    words = Selection(words=("bach", "hof", "lesung", "mühle"))

    found = await titles(pool, Asked(since=instant(later, DEFAULT_ZONE), selection=words))

    assert found == ["Lesung im Hof am Bach"]


async def test_only_the_last_day_is_searched_for_what_may_still_go_on(pool: Pool) -> None:
    """Fails where one condition on the begin has to find short and long dates alike."""
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    asked: list[Any] = [now, None, Selection().row, [], False, 0, 41]
    async with transaction(pool) as opened:
        await opened.execute("set local enable_seqscan = off")
        await opened.execute("set local enable_sort = off")
        await opened.execute("set local timezone = 'UTC'")
        explained = await opened.fetch(f"explain {statement_of(calendar, 'dates')}", *asked)

    plan = "\n".join(row[0] for row in explained)
    short, _, lasting = plan.partition("using occurrence_lasting")
    assert "using occurrence_starts" in short
    assert "'2026-05-04 12:00:00+00'::timestamp with time zone - '1 day'::interval" in short
    assert "'367 days'::interval" not in short
    assert "'367 days'::interval" in lasting
