"""Zones, ends and series of partners' calendars are read as they were meant."""

from datetime import datetime, timedelta

import pytest

from services.events.ingest.item import Item
from services.events.ingest.reading import read
from services.events.ingest.reasons import Refusal
from tests.events.builders import at, calendar, incoming, vevent


def zone_of_its_own(name: str, offset: str) -> str:
    return "\r\n".join(
        [
            "BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", "DTSTART:19700101T000000",
            f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE",
        ]
    )  # fmt: skip


def starts(*parts: str) -> datetime:
    [item] = read(incoming(calendar(*parts), "text/calendar"))
    assert isinstance(item, Item), item
    return item.content.starts


def item_of(*lines: str, **changes: str) -> Item:
    [item] = read(incoming(calendar(vevent(*lines, **changes)), "text/calendar"))
    assert isinstance(item, Item), item
    return item


def why(*lines: str, **changes: str) -> tuple[str, str]:
    [refused] = read(incoming(calendar(vevent(*lines, **changes)), "text/calendar"))
    assert isinstance(refused, Refusal), refused
    return refused.reason, refused.field


BERLIN = "DTSTART;TZID=Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (BERLIN, "20260912T193000", "2026-09-12T19:30"),
        ("DTSTART", "20260912T173000Z", "2026-09-12T19:30"),
        ("DTSTART", "20260912T193000", "2026-09-12T19:30"),
        ("DTSTART;TZID=W. Europe Standard Time", "20260912T193000", "2026-09-12T19:30"),
        ("DTSTART;TZID=/citadel.org/1/Europe/Berlin", "20260912T193000", "2026-09-12T19:30"),
        ("DTSTART;TZID=/Europe/Berlin", "20260912T193000", "2026-09-12T19:30"),
        ("DTSTART;TZID=Custom", "20260912T193000", "2026-09-12T12:30"),
        ("DTSTART;VALUE=DATE", "20260912", "2026-09-12T00:00"),
    ],
)  # fmt: skip
def test_a_start_is_read_on_the_clock_it_names(name: str, value: str, expected: str) -> None:
    event = vevent(**{BERLIN: "", name: value})

    assert starts(zone_of_its_own("Custom", "+0900"), event) == at(expected)


def test_an_iana_name_counts_more_than_the_documents_description() -> None:
    """Source: ical.md 5, a VTIMEZONE that lies about an IANA name is ignored."""
    assert starts(zone_of_its_own("Europe/Berlin", "+0900"), vevent()) == at("2026-09-12T19:30")


def test_the_zones_of_one_document_do_not_leak_into_the_next() -> None:
    """Source: ical.md finding 2."""
    event = vevent(**{BERLIN: "", "DTSTART;TZID=Custom": "20260912T193000"})
    first = starts(zone_of_its_own("Custom", "+0900"), event)
    second = starts(zone_of_its_own("Custom", "+0100"), event)

    [third] = read(incoming(calendar(event), "text/calendar"))

    assert (first, second) == (at("2026-09-12T12:30"), at("2026-09-12T20:30"))
    assert isinstance(third, Refusal)
    assert third.reason == "zone_unknown"


def test_a_real_outlook_name_with_a_strange_description_keeps_its_meaning() -> None:
    """Source: allenporter/ical#468."""
    name = "W. Europe Standard Time"
    event = vevent(**{BERLIN: "", f"DTSTART;TZID={name}": "20260912T193000"})

    assert starts(zone_of_its_own(name, "+0900"), event) == at("2026-09-12T19:30")


def test_an_all_day_event_whose_end_equals_its_start_is_one_day() -> None:
    """Source: RFC 5545 3.6.1."""
    whole = {BERLIN: "", "DTSTART;VALUE=DATE": "20260912", "DTEND;VALUE=DATE": "20260912"}

    assert item_of(**whole).content.ends is None


def test_a_duration_is_as_good_as_an_end() -> None:
    assert item_of("DURATION:PT90M").content.ends == at("2026-09-12T21:00")


def test_a_series_is_kept_with_its_exceptions() -> None:
    content = item_of(
        "RRULE:FREQ=WEEKLY;BYDAY=SA;UNTIL=20261231T000000Z",
        "EXDATE;TZID=Europe/Berlin:20260919T193000,20260926T193000",
        "EXDATE:20261003T173000Z",
        "RDATE;TZID=Europe/Berlin:20260913T193000",
    ).content

    assert content.recurrence == "FREQ=WEEKLY;UNTIL=20261231T000000Z;BYDAY=SA"
    assert content.excluded == [at(f"2026-{day}T19:30") for day in ("09-19", "09-26", "10-03")]
    assert content.added == [at("2026-09-13T19:30")]


def test_a_series_in_utc_keeps_to_utc() -> None:
    series = item_of("RRULE:FREQ=WEEKLY", **{BERLIN: "", "DTSTART": "20260912T173000Z"})

    assert (series.content.zone, series.content.starts) == ("UTC", at("2026-09-12T17:30"))


@pytest.mark.parametrize(
    ("lines", "changes", "expected"),
    [
        ([], {"UID": ""}, ("id_missing", "UID")),
        ([], {BERLIN: ""}, ("start_missing", "DTSTART")),
        ([], {BERLIN: "tomorrow"}, ("calendar_malformed", "DTSTART")),
        ([], {BERLIN: "19600912T193000"}, ("date_out_of_range", "DTSTART")),
        (["DTEND;TZID=Europe/Berlin:20260912T183000"], {}, ("end_before_start", "DTEND")),
        (["DTEND;VALUE=DATE:20260913"], {}, ("end_kind_differs", "DTEND")),
        (["DTEND;TZID=Nowhere/Land:20260912T203000"], {}, ("zone_unknown", "DTEND")),
        (["DURATION:later"], {}, ("calendar_malformed", "DURATION")),
        (["NO COLON"], {}, ("calendar_malformed", "VEVENT")),
        (["RRULE:FREQ=SECONDLY"], {}, ("recurrence_frequency", "RRULE")),
        (["RRULE:FREQ=MINUTELY"], {}, ("recurrence_frequency", "RRULE")),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], {}, ("recurrence_interval", "RRULE")),
        (["RRULE:FREQ=DAILY;COUNT=1000000000"], {}, ("recurrence_malformed", "RRULE")),
        (["EXRULE:FREQ=DAILY"], {}, ("recurrence_part_not_allowed", "EXRULE")),
        (["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], {}, ("calendar_malformed", "RRULE")),
        (["RDATE;VALUE=PERIOD:20260912T193000Z/PT1H"], {}, ("date_malformed", "RDATE")),
        (["SEQUENCE:x"], {}, ("calendar_malformed", "SEQUENCE")),
        (["STATUS:PERHAPS"], {}, ("status_unknown", "STATUS")),
        (["URL:javascript:alert(1)"], {}, ("link_not_allowed", "URL")),
        (["GEO:91;0"], {}, ("place_malformed", "GEO")),
    ],
)  # fmt: skip
def test_a_wrong_property_is_named(
    lines: list[str], changes: dict[str, str], expected: tuple[str, str]
) -> None:
    assert why(*lines, **changes) == expected


def test_too_many_listed_dates_are_refused() -> None:
    dates = ",".join(
        f"{at('2026-01-01T10:00') + timedelta(days=n):%Y%m%dT%H%M%SZ}" for n in range(501)
    )

    assert why(f"EXDATE:{dates}", "RRULE:FREQ=DAILY")[0] == "too_many_dates"


def test_a_cancelled_calendar_cancels_its_events() -> None:
    """Source: RFC 5546 3.2.5."""
    [item] = read(incoming(calendar("METHOD:CANCEL", vevent()), "text/calendar"))

    assert isinstance(item, Item)
    assert item.status == "cancelled"
