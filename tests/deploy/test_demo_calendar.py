"""The demo city's editors keep places, dates of their own, a submission and a committee."""

from datetime import date, timedelta

import pytest

from deploy.demo.calendar import invent_calendar
from deploy.demo.calendar_loading import load_calendar
from services.events.content import checked
from services.events.recurrence import first_date
from services.events.site import Site
from tests.conftest import Database

SITE = Site("https://ehrenamt.example.de")


@pytest.mark.parametrize("days", range(7))
def test_all_dates_make_sense_on_every_weekday(days: int) -> None:
    invented = invent_calendar(date(2026, 11, 22) + timedelta(days=days))

    every = [*invented.published, invented.submitted, invented.meeting]
    assert [checked(content) for content in every] == every
    assert [
        first_date(content.recurrence, content.starts, content.zone) == content.starts
        for content in every
        if content.recurrence
    ] == [True] * 3


async def test_the_calendar_is_entered_once(database: Database) -> None:
    async with database.pool("events") as pool:
        await load_calendar(pool, SITE)
        await load_calendar(pool, SITE)

        states = await pool.fetch(
            "select state, visibility, count(*) from calendar_event group by 1, 2 order by 1, 2"
        )
        cancelled = await pool.fetchval("select count(*) from occurrence where is_cancelled")
        step_free = await pool.fetchval("select count(*) from event_ical where is_step_free")

    assert [tuple(row) for row in states] == [
        ("published", "committee", 1),
        ("published", "public", 3),
        ("submitted", "public", 1),
    ]
    assert (cancelled, step_free) == (2, 3)
