"""Dates and addresses as people read them."""

from datetime import timedelta

import pytest

from services.events.http.months import grid_days
from services.events.ingest.reasons import HINTS
from services.events.json_ld import described
from services.events.rule_words import how_often
from services.events.site import Site, event_path, slug_of
from services.events.store.calendar import Dated
from services.events.wording import hours, when_dated, when_is
from shared.ical.timezone import instant
from tests.events.builders import EVENT_ID, NOW, at, content, event


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Samstag, 12. September 2026, 19:30 bis 21:30 Uhr"),
        ({"ends": None}, "Samstag, 12. September 2026, 19:30 Uhr"),
        ({"ends": at("2026-09-13T02:00")}, "Samstag, 12. September 2026, 19:30 bis 02:00 Uhr"),
        (
            {"ends": at("2026-09-14T12:00")},
            "Samstag, 12. September 2026, 19:30 Uhr bis Montag, 14. September 2026, 12:00 Uhr",
        ),
        (
            {"all_day": True, "starts": at("2026-09-12"), "ends": None},
            "Samstag, 12. September 2026, ganztägig",
        ),
        (
            {"all_day": True, "starts": at("2026-09-12"), "ends": at("2026-09-15")},
            "Samstag, 12. September 2026 bis Montag, 14. September 2026",
        ),
    ],
)
def test_when_an_event_is(changes: dict[str, object], expected: str) -> None:
    assert when_is(content(**changes)) == expected


@pytest.mark.parametrize(
    ("zone", "starts", "expected"),
    [
        ("Europe/Berlin", "2026-09-12T19:30", "19:30 – 21:30 Uhr"),
        ("Europe/Vienna", "2026-09-12T19:30", "19:30 – 21:30 Uhr"),
        ("UTC", "2026-09-12T17:30", "17:30 – 19:30 Uhr (Zeitzone UTC, hier 19:30 Uhr)"),
        (
            "America/New_York",
            "2026-09-12T19:30",
            "19:30 – 21:30 Uhr (Zeitzone America/New_York, hier 13. September, 01:30 Uhr)",
        ),
    ],
)
def test_hours_of_another_clock_are_told_on_the_citys_too(
    zone: str, starts: str, expected: str
) -> None:
    starts_at = instant(at(starts), zone)
    dated = Dated(
        calendar_event_id=EVENT_ID, title="Fest", state="published", place_name="", organiser="",
        categories=[], starts=at(starts), starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2), all_day=False, zone=zone, is_series=True,
        previous_starts_at=None,
    )  # fmt: skip

    assert hours(dated, at(starts).date()) == expected
    assert when_dated(dated).endswith(expected.partition("Uhr")[2])


def test_how_often_a_series_is() -> None:
    rules = ["", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=YEARLY"]

    assert [how_often(rule) for rule in rules] == ["", "wöchentlich", "alle 2 Wochen", "jährlich"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Straßenfest für Ärzte", "strassenfest-fuer-aerzte"), ("Café à la Ö!", "cafe-a-la-oe"),
     ("日本", ""), ("x" * 100, "x" * 60), ("--", "")],
)  # fmt: skip
def test_the_words_in_an_address(title: str, expected: str) -> None:
    assert slug_of(title) == expected
    assert event_path(EVENT_ID, title).startswith(f"/termine/{EVENT_ID}")


def test_a_moved_event_tells_search_engines_its_previous_date() -> None:
    """Source: schema.org EventRescheduled."""
    moved = event(previous_starts_at=NOW)

    told = described(moved, Site("https://ehrenamt.example.de"))

    assert told["eventStatus"] == "https://schema.org/EventRescheduled"
    assert told["previousStartDate"] == "2026-06-01T10:00:00+02:00"


def test_search_engines_are_told_the_last_day_and_not_the_day_after() -> None:
    days = event(all_day=True, starts=at("2026-09-12"), ends=at("2026-09-15"))

    told = described(days, Site("https://ehrenamt.example.de"))

    assert (told["startDate"], told["endDate"]) == ("2026-09-12", "2026-09-14")


@pytest.mark.parametrize("month", [1, 2, 6, 12])
def test_a_months_grid_is_whole_weeks_from_monday(month: int) -> None:
    first = at(f"2026-{month:02}-01").date()
    following = (first + timedelta(days=31)).replace(day=1)

    days = grid_days(first, following)

    assert days[0].isoweekday() == 1
    assert days[-1].isoweekday() == 7
    assert len(days) % 7 == 0
    assert first in days
    assert following - timedelta(days=1) in days


def test_every_hint_is_a_whole_sentence() -> None:
    assert not [reason for reason, hint in HINTS.items() if not hint.endswith(".")]
