"""What is written is what is read back, by the reader that partners' calendars go through."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.content import EventContent
from services.events.ical.calendar import single
from services.events.ical.event import vevents, written_zone
from services.events.ingest.item import Item
from services.events.ingest.reading import read
from services.events.model import content_of
from services.events.rich_text import plain
from shared.text import clean
from tests.events.builders import event, incoming

# icalendar reads a literal backslash before n as a line break, and what looks like HTML loses its
# tags, so texts here have neither.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters="\\<")
LINES = st.text(LETTERS, min_size=1, max_size=80)
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2098, 1, 1))  # noqa: DTZ001
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


def _fields(kept: EventContent) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in EventContent.__struct_fields__}
