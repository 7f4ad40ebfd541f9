"""The demo city's courses are taken by the real commands, once, and nobody in them is real."""

import re

from deploy.demo.course_loading import load_courses
from deploy.demo.courses import NAMES, invent_courses
from services.events.courses.planning import checked_terms, checked_times
from services.events.site import Site
from tests.conftest import Database
from tests.events.courses.builders import NOW

SITE = Site("https://ehrenamt.example.de")


def test_the_courses_make_sense_on_any_day() -> None:
    for course in invent_courses(NOW):
        times = checked_times(course.times)
        assert checked_terms(course.terms, times) == course.terms


def test_nobody_in_them_can_be_reached() -> None:
    addresses = [one.email for course in invent_courses(NOW) for one in course.applicants]

    assert len(addresses) == len(set(addresses)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z.]+@example\.org", address) for address in addresses)


async def test_a_second_load_changes_nothing(database: Database) -> None:
    async with database.pool("events") as pool:
        await load_courses(pool, SITE)
        await load_courses(pool, SITE)
        rows = await pool.fetch(
            "select state, count(*) from course_registration group by state order by state"
        )
        events = await pool.fetchval("select count(*) from calendar_event")

    assert {row["state"]: row["count"] for row in rows} == {"registered": 7, "waitlisted": 2}
    assert events == 2
