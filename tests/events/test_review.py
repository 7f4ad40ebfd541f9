"""Whoever submits an event waits two working days at most."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.events.review import is_overdue, is_working_day, working_days_since

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("submitted", "now", "days"),
    [
        ("2026-09-14T23:59", "2026-09-14T23:59", 0),
        ("2026-09-14T23:59", "2026-09-15T00:01", 1),
        ("2026-09-18T10:00", "2026-09-20T20:00", 0),
        ("2026-09-18T10:00", "2026-09-22T08:00", 2),
        ("2026-04-02T10:00", "2026-04-07T10:00", 1),
        ("2026-12-23T10:00", "2026-12-28T10:00", 2),
    ],
)
def test_only_working_days_count(submitted: str, now: str, days: int) -> None:
    assert working_days_since(local(submitted), local(now)) == days


def test_an_answer_is_overdue_after_two_working_days() -> None:
    friday = local("2026-09-18T10:00")

    assert not is_overdue(friday, local("2026-09-22T23:00"))
    assert is_overdue(friday, local("2026-09-23T00:30"))


def test_what_lies_there_for_years_is_still_counted_quickly() -> None:
    assert is_overdue(local("1999-01-01T10:00"), local("2026-09-18T10:00"))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-02", True),
        ("2026-10-03", False),
        ("2027-03-26", False),
        ("2027-03-29", False),
        ("2027-05-06", False),
        ("2027-05-17", False),
        ("2027-05-18", True),
    ],
)
def test_holidays_of_all_of_germany_are_no_working_days(day: str, *, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works
