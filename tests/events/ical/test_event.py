"""What a VEVENT of ours says, rule by rule, and that independent readers agree."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
import vobject
from icalendar import Calendar, Event

from services.events.ical.calendar import single
from services.events.ical.event import vevents, written_zone
from services.events.model import CalendarEvent
from services.events.recurrence import occurrences
from shared.ical.timezone import instant, zone
from tests.events.builders import EVENT_ID, NOW, at, event

URL = f"https://ehrenamt.example.de/termine/{EVENT_ID}"


def rows(given: CalendarEvent, *categories: str) -> list[str]:
    return vevents(given, URL, categories).decode().replace("\r\n ", "").split("\r\n")


def document(given: CalendarEvent) -> bytes:
    return single(written_zone(given.zone), vevents(given, URL, ["Kultur"]))


def parsed(given: CalendarEvent) -> Any:
    return Calendar.from_ical(document(given), multiple=False).walk("VEVENT")[0]


def test_the_uid_is_the_events_own_for_life() -> None:
    """Source: ical.md, a random UID makes events flicker and double."""
    before, after = event(), event(title="Anders", version=7, sequence=6)

    assert rows(before)[1] == rows(after)[1] == f"UID:{EVENT_ID}@ehrenamt.example.de"


def test_dtstamp_is_the_time_of_the_change_and_not_of_the_reading() -> None:
    """Source: RFC 5545 3.8.7.2; indico/indico#4784."""
    assert vevents(event(), URL, []) == vevents(event(), URL, [])
    assert "DTSTAMP:20260601T080000Z" in rows(event())
    assert "LAST-MODIFIED:20260601T080000Z" in rows(event())


def test_sequence_and_creation_are_told() -> None:
    """Source: RFC 5545 3.8.7.4."""
    told = rows(event(sequence=3, changed_at=NOW + timedelta(days=1)))

    assert "SEQUENCE:3" in told
    assert "CREATED:20260601T080000Z" in told


def test_times_stand_on_the_clock_of_their_zone() -> None:
    """Source: ical.md, TZID is the plain IANA name; floating times are read as UTC by Google."""
    told = rows(event())

    assert "DTSTART;TZID=Europe/Berlin:20260912T193000" in told
    assert "DTEND;TZID=Europe/Berlin:20260912T213000" in told


def test_a_zone_without_a_rule_is_written_in_utc() -> None:
    told = rows(event(zone="Africa/Casablanca"))

    assert "DTSTART:20260912T183000Z" in told
    assert written_zone("Africa/Casablanca") == ""


def test_an_event_without_an_end_has_no_dtend() -> None:
    """Source: RFC 5545 3.6.1; calcurse drops an event whose DTEND equals DTSTART."""
    assert not [row for row in rows(event(ends=None)) if row.startswith("DTEND")]


def test_an_all_day_event_ends_before_its_dtend() -> None:
    """Source: RFC 5545 3.6.1, DTEND is exclusive."""
    days = event(all_day=True, starts=at("2026-09-12"), ends=at("2026-09-14"))

    assert "DTSTART;VALUE=DATE:20260912" in rows(days)
    assert "DTEND;VALUE=DATE:20260914" in rows(days)


def test_an_all_day_event_without_an_end_lasts_one_day() -> None:
    told = rows(event(all_day=True, starts=at("2026-09-12"), ends=None))

    assert "DTEND;VALUE=DATE:20260913" in told


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("published", "CONFIRMED", "Sommerkonzert"),
        ("cancelled", "CANCELLED", "Abgesagt: Sommerkonzert"),
        ("postponed", "TENTATIVE", "Verschoben: Sommerkonzert"),
    ],
)
def test_the_title_says_what_clients_do_not_show(state: Any, status: str, title: str) -> None:
    """Source: ical.md, Google hides and Android confirms what is only STATUS:CANCELLED."""
    told = rows(event(state=state))

    assert f"STATUS:{status}" in told
    assert f"SUMMARY:{title}" in told


def test_a_cancelled_event_no_longer_keeps_people_busy() -> None:
    assert "TRANSP:OPAQUE" in rows(event())
    assert "TRANSP:TRANSPARENT" in rows(event(state="cancelled"))


def test_there_is_no_organizer_whom_clients_would_mail() -> None:
    """Source: pretix/pretix#3211; RFC 5546 3.2.1."""
    told = rows(event())

    assert "CONTACT:Musikverein Beispiel e. V." in told
    assert not [row for row in told if row.startswith(("ORGANIZER", "ATTENDEE", "METHOD"))]


def test_the_description_names_organiser_and_website() -> None:
    told = str(parsed(event(website="https://musik.example.de"))["DESCRIPTION"])

    assert told == (
        "Ein Abend mit Musik.\n\nVeranstaltet von: Musikverein Beispiel e. V.\n\n"
        "Mehr dazu: https://musik.example.de"
    )


def test_commas_within_a_category_are_no_separators() -> None:
    """Source: RFC 5545 3.8.1.2."""
    assert "CATEGORIES:Kinder\\, Jugend,Kultur" in rows(event(), "Kinder, Jugend", "Kultur")


def test_a_known_point_is_told_to_every_kind_of_map() -> None:
    """Source: RFC 5545 3.8.1.6; Apple reads its own property."""
    told = rows(event(latitude=51.05, longitude=13.7375, place_name='Saal "Eins"'))

    assert "GEO:51.050000;13.737500" in told
    apple = next(row for row in told if row.startswith("X-APPLE-STRUCTURED-LOCATION"))
    assert apple.endswith(":geo:51.050000,13.737500")
    assert "X-TITLE=\"Saal ^'Eins^', Hauptstraße 1, 01067 Dresden\"" in apple


def test_excluded_dates_have_the_type_and_zone_of_the_start() -> None:
    """Source: RFC 5545 3.8.5.1."""
    told = rows(event(recurrence="FREQ=WEEKLY", excluded=[at("2026-09-19T19:30")]))

    assert "RRULE:FREQ=WEEKLY" in told
    assert "EXDATE;TZID=Europe/Berlin:20260919T193000" in told


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"all_day": True, "starts": at("2026-09-12"), "ends": at("2026-09-14")},
        {"zone": "America/New_York"},
        {"zone": "Africa/Casablanca"},
        {"description": "a\u2028b\x00c;d,e\\f\r\ng" + "ü" * 500},
        {"latitude": 51.0, "longitude": 13.0, "state": "cancelled"},
    ],
)
def test_independent_readers_find_the_same_event(changes: dict[str, Any]) -> None:
    given = event(**changes)

    read = parsed(given)
    also = vobject.readOne(document(given).decode()).vevent
    starts = given.starts.date() if given.all_day else given.starts_at
    assert read.errors == []
    assert not isinstance(read, Event) or read["SUMMARY"] == also.summary.value
    assert _same(read["DTSTART"].dt, starts)
    assert _same(also.dtstart.value, starts)


@pytest.mark.parametrize(
    ("recurrence", "starts"),
    [
        ("FREQ=WEEKLY;BYDAY=SA;COUNT=60", "2026-01-03T19:30"),
        ("FREQ=WEEKLY;UNTIL=20270101T000000Z", "2026-01-03T02:30"),
        ("FREQ=MONTHLY;BYDAY=-1SA;COUNT=20", "2026-01-31T10:00"),
        ("FREQ=YEARLY;COUNT=3", "2024-02-29T10:00"),
        ("FREQ=DAILY;COUNT=400", "2026-01-01T02:15"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9", "2026-01-31T10:00"),
    ],
)
def test_every_occurrence_is_where_an_independent_implementation_sees_it(
    recurrence: str, starts: str
) -> None:
    """Over both changes of the clock and 29 February."""
    given = event(
        recurrence=recurrence,
        starts=at(starts),
        ends=at(starts) + timedelta(hours=2),
        excluded=[at("2026-03-07T19:30")],
        added=[at("2026-05-13T19:30")],
    )

    window = at("2024-01-01"), at("2028-01-01")
    ours = [instant(day, given.zone) for day in occurrences(given, *window, most=1_000)]
    calendar = Calendar.from_ical(document(given))
    theirs = recurring_ical_events.of(calendar).between(
        *(moment.replace(tzinfo=zone("Europe/Berlin")) for moment in window)
    )
    assert ours == sorted(each["DTSTART"].dt.astimezone(UTC) for each in theirs)


def _same(read: date, expected: date) -> bool:
    if isinstance(read, datetime) and isinstance(expected, datetime):
        return read.astimezone(UTC) == expected
    return read == expected
