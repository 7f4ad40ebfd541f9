"""schema.org says of series, festivals and their parts what other formats say with a rule."""

from typing import Any

import pytest

from services.events.ingest.item import Item
from services.events.ingest.reading import read
from services.events.ingest.reasons import Refusal
from tests.events.builders import at, incoming, linked

CHOIR = {
    "@type": "Schedule",
    "startDate": "2026-09-07",
    "endDate": "2026-12-21",
    "startTime": "19:30",
    "endTime": "21:00",
    "repeatFrequency": "P1W",
    "byDay": ["https://schema.org/Tuesday"],
}


def series(**changes: Any) -> dict[str, Any]:
    """Return an EventSeries that a choir rehearses by."""
    schedule = CHOIR | changes
    return linked(**{"@type": "EventSeries", "startDate": None, "eventSchedule": schedule})


def only(thing: dict[str, Any]) -> Item:
    [item] = read(incoming(thing))
    assert isinstance(item, Item), item
    return item


def why(thing: dict[str, Any]) -> tuple[str, str]:
    [refused] = read(incoming(thing))
    assert isinstance(refused, Refusal)
    return refused.reason, refused.field


def test_a_schedule_becomes_a_series_from_its_first_day() -> None:
    content = only(series(exceptDate=["2026-10-06"])).content

    assert (content.starts, content.ends) == (at("2026-09-08T19:30"), at("2026-09-08T21:00"))
    assert content.recurrence == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20261221T225959Z"
    assert content.excluded == [at("2026-10-06T19:30")]


@pytest.mark.parametrize(
    ("changes", "starts", "rule"),
    [
        ({"repeatFrequency": "Daily", "byDay": None}, "2026-09-07", "FREQ=DAILY"),
        ({"repeatFrequency": "P2W", "byDay": "Monday"}, "2026-09-07", "FREQ=WEEKLY;INTERVAL=2"),
        ({"repeatFrequency": "P1M", "byDay": "1TH"}, "2026-10-01", "FREQ=MONTHLY"),
        (
            {"repeatFrequency": "P1M", "byDay": "schema:Friday", "byMonthWeek": 2},
            "2026-09-11",
            "FREQ=MONTHLY;INTERVAL=1;BYDAY=2FR",
        ),
        (
            {"repeatFrequency": "P1M", "byDay": None, "byMonthDay": [15]},
            "2026-09-15",
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15",
        ),
        (
            {"repeatFrequency": "P1Y", "byDay": None, "byMonth": 12, "byMonthDay": 6},
            "2026-12-06",
            "FREQ=YEARLY",
        ),
        ({"repeatCount": 10}, "2026-09-08", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=10"),
    ],
)
def test_a_schedules_ways_of_saying_how_often(
    changes: dict[str, Any], starts: str, rule: str
) -> None:
    content = only(series(**changes)).content

    assert f"{content.starts:%Y-%m-%d}" == starts
    assert content.recurrence.startswith(rule)


def test_an_event_with_a_schedule_starts_when_the_event_says() -> None:
    thing = linked(startDate="2026-09-15T18:00:00+02:00", eventSchedule=[CHOIR])

    assert only(thing).content.starts == at("2026-09-15T18:00")


def test_a_rehearsal_past_midnight_ends_the_next_day_and_a_duration_says_it_too() -> None:
    late = only(series(startTime="22:00", endTime="01:00")).content
    long = only(series(endTime=None, duration="PT2H30M")).content

    assert late.ends == at("2026-09-09T01:00")
    assert long.ends == at("2026-09-08T22:00")


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"repeatFrequency": None}, "recurrence_frequency", ".repeatFrequency"),
        ({"repeatFrequency": "PT1M"}, "recurrence_frequency", ".repeatFrequency"),
        ({"repeatFrequency": "P0W"}, "recurrence_interval", ""),
        ({"repeatCount": "x"}, "recurrence_malformed", ""),
        ({"repeatCount": 5_000}, "recurrence_count", ""),
        ({"byDay": "Someday"}, "recurrence_malformed", ".byDay"),
        ({"byDay": ["Monday"] * 40}, "recurrence_too_many_values", ""),
        ({"byDay": None, "byMonthDay": 31, "byMonth": 2}, "recurrence_start_not_in_rule", ""),
        ({"startDate": None}, "start_missing", ".startDate"),
        ({"startTime": "half past"}, "date_malformed", ".startDate"),
        ({"endTime": "late"}, "date_malformed", ".endTime"),
        ({"endTime": None, "duration": "long"}, "date_malformed", ".duration"),
        ({"endTime": None, "duration": "P999D"}, "too_long", ""),
        ({"startTime": None, "duration": "PT1H"}, "end_kind_differs", ".duration"),
        ({"scheduleTimezone": "Mars/Phobos"}, "zone_unknown", ".scheduleTimezone"),
        ({"exceptDate": ["2026-01-01"] * 501}, "too_many_dates", ".exceptDate"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_told_where(
    changes: dict[str, Any], reason: str, field: str
) -> None:
    assert why(series(**changes)) == (reason, f"eventSchedule{field}")


def test_several_schedules_at_once_are_not_read_yet() -> None:
    thing = linked(eventSchedule=[CHOIR, CHOIR])

    assert why(thing) == ("recurrence_not_supported", "eventSchedule")


def test_a_festival_and_its_evenings_are_events() -> None:
    festival = linked(
        **{
            "@type": "Festival",
            "name": "Flussfest",
            "location": "Uferwiese",
            "subEvent": [
                {"identifier": "abend", "name": "Jazz", "startDate": "2026-09-12T20:00"},
                {"startDate": "2026-09-13T11:00", "location": "Zelt"},
            ],
        }
    )  # fmt: skip

    whole, jazz, unnamed = read(incoming(festival))

    assert isinstance(whole, Item)
    assert isinstance(jazz, Item)
    assert isinstance(unnamed, Item)
    assert (whole.key, jazz.key, unnamed.key) == (
        *("2026-17", "abend"),
        "2026-17#2026-09-13T11:00",
    )
    assert (jazz.content.title, jazz.content.place_name) == ("Jazz", "Uferwiese")
    assert (unnamed.content.title, unnamed.content.place_name) == ("Flussfest", "Zelt")


def test_a_series_of_single_dates_is_only_their_frame() -> None:
    frame = linked(
        **{
            "@type": "EventSeries",
            "startDate": "2026-09-01",
            "subEvent": [{"startDate": f"2026-09-{day}T10:00"} for day in ("05", "12")],
        }
    )

    assert [item.key for item in read(incoming(frame))] == [
        "2026-17#2026-09-05T10:00",
        "2026-17#2026-09-12T10:00",
    ]


def test_parts_count_towards_what_a_message_may_hold() -> None:
    parts = [{"startDate": "2026-09-05", "identifier": str(number)} for number in range(201)]

    assert why(linked(subEvent=parts))[0] == "too_many_items"


@pytest.mark.parametrize("part", ["Jazz", 7, [], {"subEvent": [None, {"subEvent": {}}]}])
def test_a_part_that_is_none_is_refused_alone(part: object) -> None:
    first, *others = read(incoming(linked(subEvent=part)))

    assert isinstance(first, Item)
    assert all(isinstance(other, Refusal) for other in others)
