"""What is written is what is read back, by the reader that partners' calendars go through."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.content import ChangedDate, EventContent, duration
from services.events.ical.calendar import single
from services.events.ical.event import vevents, written_zone
from services.events.ingest.item import Item
from services.events.ingest.reading import read
from services.events.model import content_of
from services.events.recurrence import occurrences
from services.events.rich_text import plain
from shared.text import clean
from tests.events.builders import event, incoming

# icalendar reads a literal backslash before n as a line break, and what looks like HTML loses its
# tags, so texts here have neither.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters="\\<")
LINES = st.text(LETTERS, min_size=1, max_size=80)
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001
LAST_OF_EVERY_MONTH = 28
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London"])


def tidy(text: str) -> str:
    return clean(unicodedata.normalize("NFC", " ".join(text.split()))) or "x"


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Texts and times of any event, without those that readers keep elsewhere."""
    all_day = draw(st.booleans())
    starts = draw(TIMES).replace(microsecond=0)
    lasts = timedelta(minutes=draw(st.integers(1, 10_000)))
    if all_day:
        starts, lasts = starts.replace(hour=0, minute=0, second=0), timedelta(days=lasts.days + 1)
    ends = starts + lasts
    return {
        "title": tidy(draw(LINES)),
        "description": "\n".join(tidy(line) for line in draw(st.lists(LINES, max_size=20))),
        "place_name": tidy(draw(LINES)),
        "place_address": "",
        "organiser": "",
        "website": "",
        "categories": [],
        "starts": starts,
        "ends": ends if all_day else draw(st.sampled_from([ends, None])),
        "all_day": all_day,
        "zone": "Europe/Berlin" if all_day else draw(ZONES),
    }


@settings(max_examples=200, deadline=None)
@given(contents())
def test_a_written_event_is_read_back_as_it_was(changes: dict[str, Any]) -> None:
    written = event(**changes)
    body = single(written_zone(written.zone), vevents(written, "https://example.de/1", []))

    [item] = read(incoming(body, "text/calendar"))

    assert isinstance(item, Item)
    kept = content_of(written)
    said = {"description": plain(kept.description), "website": "https://example.de/1"}
    assert item.content == EventContent(**_fields(kept) | said)
    assert item.key == written.uid
    assert (item.revision, item.modified_at) == (written.sequence, written.changed_at)


@st.composite
def series(draw: st.DrawFn) -> dict[str, Any]:
    """A series with moved and cancelled dates; what lasts as long as the others has no end."""
    made = draw(contents())
    made["recurrence"] = f"FREQ={draw(st.sampled_from(['DAILY', 'WEEKLY', 'YEARLY']))};COUNT=5"
    if made["starts"].day > LAST_OF_EVERY_MONTH:
        made["starts"], made["ends"] = (at and at - timedelta(days=3) for at in _period(made))
    rule = EventContent(**made)
    found = occurrences(rule, made["starts"], datetime(2120, 1, 1), 5)  # noqa: DTZ001
    touched = draw(st.lists(st.sampled_from(found), min_size=1, unique=True))
    made["changed"] = [_change(draw, rule, original) for original in sorted(touched)]
    return made


@settings(max_examples=200, deadline=None)
@given(series())
def test_a_series_is_read_back_with_its_changed_dates(changes: dict[str, Any]) -> None:
    written = event(**changes, uid="series@example.de")
    body = single(written_zone(written.zone), vevents(written, "https://example.de/1", []))

    [item] = read(incoming(body, "text/calendar"))

    assert isinstance(item, Item), item
    assert item.content.changed == written.changed
    assert (item.content.recurrence, item.remark) == (written.recurrence, "")


def _period(made: dict[str, Any]) -> tuple[datetime, datetime | None]:
    return made["starts"], made["ends"]


def _change(draw: st.DrawFn, rule: EventContent, original: datetime) -> ChangedDate:
    if draw(st.booleans()):
        return ChangedDate(original=original, starts=original, is_cancelled=True)
    starts = original + timedelta(days=draw(st.integers(1, 400)))
    if not rule.all_day:
        starts += timedelta(minutes=draw(st.integers(0, 1_439)))
    lasts = timedelta(days=draw(st.integers(1, 300)))
    return ChangedDate(
        original=original,
        starts=starts,
        ends=draw(st.sampled_from([None, starts + lasts])) if lasts != duration(rule) else None,
    )


def _fields(kept: EventContent) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in EventContent.__struct_fields__}
