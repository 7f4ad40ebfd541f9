"""Single dates of a series are moved or cancelled, and everybody sees just that."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest

from services.events.content import ChangedDate, checked, is_moved
from services.events.ical.calendar import single
from services.events.ical.event import vevents
from services.events.keeping import Deed, keep_events
from services.events.model import with_content
from services.events.recurrence import dates
from services.events.store import calendar
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, EVENT_ID, NOW, at, content, event
from tests.events.calendars import SITE

FIRST = at("2026-09-12T19:30")
MOVED = ChangedDate(
    original=at("2026-09-19T19:30"), starts=at("2026-09-20T18:00"), ends=at("2026-09-20T20:00")
)
OFF = ChangedDate(original=at("2026-09-26T19:30"), starts=at("2026-09-26T19:30"), is_cancelled=True)
SERIES: dict[str, Any] = {"recurrence": "FREQ=WEEKLY;COUNT=4", "changed": [MOVED, OFF]}


def test_changed_dates_stand_where_they_were_moved_to() -> None:
    found = dates(content(**SERIES), FIRST, FIRST + timedelta(days=60), 100)

    assert [(f"{date.starts:%d.%m. %H:%M}", date.is_cancelled) for date in found] == [
        ("12.09. 19:30", False),
        ("20.09. 18:00", False),
        ("26.09. 19:30", True),
        ("03.10. 19:30", False),
    ]
    assert found[1].ends == at("2026-09-20T20:00")


def test_a_date_that_was_moved_into_a_period_belongs_to_it() -> None:
    [date] = dates(content(**SERIES), at("2026-09-20T00:00"), at("2026-09-21T00:00"), 100)

    assert date.original == MOVED.original


def test_a_calendar_program_sees_each_changed_date_with_its_recurrence_id() -> None:
    body = single("Europe/Berlin", vevents(event(**SERIES), "https://example.de/1", []))

    master, moved, cancelled = icalendar.Calendar.from_ical(body).walk("VEVENT")

    assert "RECURRENCE-ID" not in master
    assert f"{moved['RECURRENCE-ID'].dt:%Y-%m-%d %H:%M}" == "2026-09-19 19:30"
    assert f"{moved['DTSTART'].dt:%Y-%m-%d %H:%M}" == "2026-09-20 18:00"
    assert (moved["UID"], moved["SEQUENCE"]) == (master["UID"], master["SEQUENCE"])
    assert (cancelled["STATUS"], cancelled["SUMMARY"]) == ("CANCELLED", "Abgesagt: Sommerkonzert")


def test_a_changed_date_is_a_change_but_the_series_starts_as_before() -> None:
    before = event(recurrence=SERIES["recurrence"])

    after = with_content(before, content(**SERIES), NOW)

    assert after.sequence == before.sequence + 1
    assert is_moved(before, after)
    assert after.previous_starts_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"changed": [MOVED]},
        {**SERIES, "changed": [MOVED, MOVED]},
        {
            **SERIES,
            "changed": [ChangedDate(original=FIRST, starts=FIRST, ends=at("2026-09-01T00:00"))],
        },
    ],
)
def test_changes_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refusal:
        checked(content(**wrong))

    assert refusal.value.field == "changed"


async def test_lists_show_changed_dates(transaction: Connection) -> None:
    deed = Deed("draft_event", EDITOR)
    await keep_events(transaction, [event(**SERIES)], SITE, NOW, deed)

    found = await calendar.dates_of(transaction, EVENT_ID, NOW, 10)

    assert [(f"{date.starts:%d.%m.}", date.is_cancelled) for date in found] == [
        ("12.09.", False),
        ("20.09.", False),
        ("26.09.", True),
        ("03.10.", False),
    ]
