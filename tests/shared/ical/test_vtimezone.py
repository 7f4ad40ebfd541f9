"""The written zones mean to independent readers what the tz data means."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import vobject
from dateutil.tz import tzical
from icalendar import Timezone

from shared.ical.timezone import zone
from shared.ical.vtimezone import vtimezone

ZONES = ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Sydney", "Asia/Kolkata"]


def around_the_changes() -> list[datetime]:
    """Every hour of the weekends, on which clocks change, of years near and far."""
    days = [
        datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day)
        for year in (2025, 2026, 2032, 2045)
        for day in range(365)
    ]
    weekends = [day for day in days if day.isoweekday() in (6, 7)]
    return [day + timedelta(hours=hour) for day in weekends for hour in range(24)]


@pytest.mark.parametrize("name", ZONES)
def test_dateutil_computes_the_offsets_of_the_tz_data(name: str) -> None:
    """Source: RFC 5545 3.6.5; the rules hold beyond 2038, where lists of dates end."""
    document = "BEGIN:VCALENDAR\n" + vtimezone(name).decode().replace("\r", "") + "END:VCALENDAR\n"
    written = tzical(StringIO(document)).get(name)

    wrong = [
        at
        for at in around_the_changes()
        if at.astimezone(written).utcoffset() != at.astimezone(zone(name)).utcoffset()
    ]
    assert not wrong


@pytest.mark.parametrize("name", ZONES)
def test_each_observance_starts_in_the_offset_that_it_ends(name: str) -> None:
    """Source: RFC 5545 3.6.5; icalendar's own generator gets every spring wrong."""
    written = Timezone.from_ical(vtimezone(name))

    for observance in written.subcomponents:
        begins = observance["DTSTART"].dt - observance["TZOFFSETFROM"].td
        assert begins.year in (1969, 1970)
        assert "RDATE" not in observance


def test_berlin_is_written_the_way_outlook_reads_it() -> None:
    """Source: MS-OXCICAL 2.1.3.1.1.19.2.2, yearly with one BYDAY; MS-STANOICAL 2.2.47."""
    assert vtimezone("Europe/Berlin").decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_a_zone_without_summer_time_is_one_standard_time() -> None:
    written = vtimezone("Asia/Kolkata").decode()

    assert "DAYLIGHT" not in written
    assert "RRULE" not in written
    assert "TZOFFSETTO:+0530\r\n" in written


def test_zones_that_have_no_rule_are_not_written() -> None:
    assert [vtimezone(name) for name in ("Africa/Casablanca", "UTC")] == [b"", b""]


@pytest.mark.parametrize("name", ZONES)
def test_vobject_finds_it_valid(name: str) -> None:
    document = b"BEGIN:VCALENDAR\r\n" + vtimezone(name) + b"END:VCALENDAR\r\n"

    parsed = vobject.readOne(document.decode())

    assert parsed.vtimezone.tzid.value == name
