"""The dates of any series are where an independent implementation sees them in our bytes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import recurring_ical_events
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.events.content import ChangedDate
from services.events.ical.calendar import single
from services.events.ical.event import going, vevents, written_zone
from services.events.model import CalendarEvent
from services.events.recurrence import dates, occurrences
from shared.ical.timezone import instant, zone
from tests.events.builders import at, event

SINCE, UNTIL = at("2026-01-01"), at("2028-06-01")
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
HOURS = st.sampled_from([(0, 30), (2, 0), (2, 30), (3, 0), (10, 15), (23, 45)])
"""Around the hour that spring leaves out and autumn repeats."""


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if frequency == "WEEKLY":
        days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
        parts.append(f"BYDAY={','.join(days)}")
    if frequency == "MONTHLY" and draw(st.booleans()):
        parts.append(f"BYDAY={draw(st.sampled_from([-1, 1, 2, 4]))}{draw(st.sampled_from(DAYS))}")
    return ";".join([*parts, f"COUNT={draw(st.integers(1, 60))}"])


@st.composite
def series(draw: st.DrawFn) -> CalendarEvent:
    """A series around both changes of the clock and 29 February, with changed dates."""
    day = draw(st.dates(at("2026-01-01").date(), at("2027-12-31").date()))
    starts = datetime.combine(day, datetime.min.time().replace(*draw(HOURS)))
    made = event(
        recurrence=draw(rules()), starts=starts, ends=starts + timedelta(hours=1),
        zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"])),
    )  # fmt: skip
    # Calendar programs begin with DTSTART, whatever the rule says.
    found = [each for each in occurrences(made, SINCE, UNTIL, 60) if each != starts]
    touched = draw(st.lists(st.sampled_from(found), max_size=4, unique=True)) if found else []
    return _changed(made, touched)


def _changed(made: CalendarEvent, touched: list[datetime]) -> CalendarEvent:
    kinds: list[dict[str, Any]] = [{"is_cancelled": True}, {}]
    changed = [
        ChangedDate(
            original=each,
            starts=each if number % 2 == 0 else each + timedelta(hours=5),
            **kinds[number % 2],
        )
        for number, each in enumerate(touched[1:])
    ]
    fields = {"changed": changed, "excluded": touched[:1]}
    return event(**{name: getattr(made, name) for name in _NAMES} | fields)


_NAMES = ("recurrence", "starts", "ends", "zone")


def seen(shown: CalendarEvent) -> list[datetime]:
    """Return the instants of the dates that are not cancelled, as the other implementation sees."""
    body = single(written_zone(shown.zone), vevents(shown, "https://example.de/1", []))
    clock = zone(shown.zone)
    found = recurring_ical_events.of(Calendar.from_ical(body)).between(
        SINCE.replace(tzinfo=clock), UNTIL.replace(tzinfo=clock)
    )
    # In UTC: Python takes a time in the hour that is skipped or repeated for equal to no other.
    return sorted(each.start.astimezone(UTC) for each in found if each["STATUS"] != "CANCELLED")


@settings(max_examples=60, deadline=None)
@given(series())
@example(event(recurrence="FREQ=YEARLY;COUNT=3", starts=at("2024-02-29T10:00"),
               ends=at("2024-02-29T11:00")))  # fmt: skip
@example(event(recurrence="FREQ=WEEKLY;COUNT=9", starts=at("2026-03-08T02:30"),
               ends=at("2026-03-08T03:30")))  # fmt: skip
@example(event(recurrence="FREQ=DAILY;COUNT=9", starts=at("2026-10-20T02:30"),
               ends=at("2026-10-20T03:30")))  # fmt: skip
def test_both_see_the_same_dates(shown: CalendarEvent) -> None:
    ours = [
        instant(date.starts, shown.zone)
        for date in dates(shown, SINCE, UNTIL, 1_000)
        if not date.is_cancelled
    ]

    without = going(shown)

    assert sorted(ours) == seen(shown)
    assert without is not None
    assert sorted(ours) == seen(without)
