"""Single dates of partners' series are read as moved, as cancelled, or refused with a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.events.content import ChangedDate
from services.events.ingest.item import Item, Read, SeriesChange
from services.events.ingest.reading import read
from services.events.ingest.reasons import Refusal
from tests.events.builders import at, calendar, incoming, plain, vevent

BERLIN = "DTSTART;TZID=Europe/Berlin"
ORIGINAL = "RECURRENCE-ID;TZID=Europe/Berlin"
WEEKLY = "RRULE:FREQ=WEEKLY"
EARLY = ChangedDate(original=at("2026-09-19T19:30"), starts=at("2026-09-19T17:00"))
GONE = ChangedDate(
    original=at("2026-09-26T19:30"), starts=at("2026-09-26T19:30"), is_cancelled=True
)


def series(*lines: str, **changes: str) -> str:
    return vevent(WEEKLY, "DTEND;TZID=Europe/Berlin:20260912T213000", *lines, **changes)


def moved(*lines: str, **changes: str) -> str:
    """The second date begins at five and lasts as long as the others."""
    given = {ORIGINAL: "20260919T193000", BERLIN: "20260919T170000"}
    given["DTEND;TZID=Europe/Berlin"] = "20260919T190000"
    return vevent(*lines, **{**given, **changes})


def cancelled(*lines: str) -> str:
    return vevent("STATUS:CANCELLED", *lines, **{ORIGINAL: "20260926T193000", BERLIN: ""})


def outcome(*parts: str) -> Read:
    [found] = read(incoming(calendar(*parts), "text/calendar"))
    return found


def item(*parts: str) -> Item:
    found = outcome(*parts)
    assert isinstance(found, Item), found
    return found


def why(*parts: str) -> tuple[str, str]:
    found = outcome(*parts)
    assert isinstance(found, Refusal), found
    return found.reason, found.field


@pytest.mark.parametrize(
    "parts",
    [(series(), moved(), cancelled()), (cancelled(), moved(), series())],
)
def test_changed_dates_stand_in_their_series_whatever_the_order(parts: tuple[str, ...]) -> None:
    assert item(*parts).content.changed == [EARLY, GONE]


def test_dates_of_one_series_do_not_touch_another() -> None:
    body = calendar(series(), moved(), series(UID="other"), vevent(UID="single"))

    outcomes = read(incoming(body, "text/calendar"))

    found = [(each.key, len(each.content.changed)) for each in outcomes if isinstance(each, Item)]
    assert found == [("2026-17@theater", 1), ("other", 0), ("single", 0)]


def test_the_highest_sequence_counts_for_the_item_and_the_latest_change() -> None:
    found = item(
        series("SEQUENCE:2"), moved("SEQUENCE:5", "LAST-MODIFIED:20260701T080000Z"), cancelled()
    )

    assert (found.revision, found.modified_at) == (5, datetime(2026, 7, 1, 8, tzinfo=UTC))


def test_of_several_changes_of_one_date_the_highest_sequence_wins() -> None:
    late = moved("SEQUENCE:3")
    others = [moved(f"SEQUENCE:{number}", **{BERLIN: "20260919T150000"}) for number in (1, 2, 0, 2)]

    assert item(series(), *others[:2], late, *others[2:]).content.changed == [EARLY]


def test_a_date_in_utc_means_the_series_clock() -> None:
    one = moved(**{ORIGINAL: "", "RECURRENCE-ID": "20260919T173000Z", BERLIN: "",
                   "DTSTART": "20260919T150000Z"})  # fmt: skip

    assert item(series(), one).content.changed == [EARLY]


def test_a_date_of_a_series_in_utc_keeps_to_the_hour_that_comes_twice() -> None:
    """Source: on 25 October 2026 the clocks of Berlin show half past two twice."""
    whole = vevent("RRULE:FREQ=WEEKLY", **{BERLIN: "", "DTSTART": "20261018T013000Z"})
    one = vevent(**{BERLIN: "", "RECURRENCE-ID": "20261025T013000Z", "DTSTART": "20261025T033000Z"})

    [change] = item(whole, one).content.changed

    assert (change.original, change.starts) == (at("2026-10-25T01:30"), at("2026-10-25T03:30"))


def test_a_whole_day_is_moved_by_days() -> None:
    day = "DTSTART;VALUE=DATE"
    one = {BERLIN: "", "RECURRENCE-ID;VALUE=DATE": "20260919", day: "20260920"}
    found = item(vevent(WEEKLY, **{BERLIN: "", day: "20260912"}), vevent(**one))

    assert found.content.changed == [
        ChangedDate(original=at("2026-09-19T00:00"), starts=at("2026-09-20T00:00"))
    ]


def test_a_date_that_lasts_longer_keeps_its_end() -> None:
    [change] = item(
        series(), moved(**{"DTEND;TZID=Europe/Berlin": "20260919T230000"})
    ).content.changed

    assert change.ends == at("2026-09-19T23:00")


def test_a_date_without_an_end_has_none() -> None:
    """Source: RFC 5545 3.6.1."""
    [change] = item(series(), moved(**{"DTEND;TZID=Europe/Berlin": ""})).content.changed

    assert change.ends == change.starts


def test_a_date_that_is_as_the_rule_says_is_not_changed() -> None:
    as_before = {BERLIN: "20260919T193000", "DTEND;TZID=Europe/Berlin": "20260919T213000"}

    assert item(series(), moved(**as_before)).content.changed == []


@pytest.mark.parametrize("text", ["SUMMARY", "DESCRIPTION", "URL"])
def test_other_words_for_one_date_are_left_out_and_told(text: str) -> None:
    found = item(series(), moved(**{text: "https://example.org/anders"}))

    assert (found.content.changed, found.remark) == ([EARLY], "changed_texts_left_out")


def test_the_same_words_for_one_date_are_nothing_to_tell() -> None:
    texts = {"LOCATION": "Saal", "DESCRIPTION": "<p>Mit Musik</p>"}

    assert item(series(**texts), moved(**texts)).remark == ""


def test_what_a_cancelled_date_says_beside_that_does_not_matter() -> None:
    one = vevent(
        "STATUS:CANCELLED", **{ORIGINAL: "20260926T193000", "LOCATION": "?", "SUMMARY": ""}
    )

    assert item(series(), one).content.changed == [GONE]


RANGE = {ORIGINAL: "", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin": "20260919T193000"}
WHOLE_DAY = {BERLIN: "", "DTSTART;VALUE=DATE": "20260919", "DTEND;TZID=Europe/Berlin": ""}


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (moved(**RANGE), ("range_not_supported", "RECURRENCE-ID")),
        (moved(**{ORIGINAL: "20260920T193000"}), ("changed_date_unknown", "RECURRENCE-ID")),
        (moved(**{ORIGINAL: "20260919T193001"}), ("changed_date_unknown", "RECURRENCE-ID")),
        (moved(**WHOLE_DAY), ("changed_kind_differs", "RECURRENCE-ID")),
        (
            vevent(**WHOLE_DAY, **{"RECURRENCE-ID;VALUE=DATE": "20260919"}),
            ("changed_kind_differs", "RECURRENCE-ID"),
        ),
        (moved(LOCATION="Anderswo"), ("changed_place_not_supported", "LOCATION")),
        (moved(**{BERLIN: "20260919T220000"}), ("end_before_start", "DTEND")),
        (moved(**{BERLIN: ""}), ("start_missing", "DTSTART")),
        (moved("STATUS:PERHAPS"), ("status_unknown", "STATUS")),
        (moved("RRULE:FREQ=DAILY"), ("calendar_malformed", "RRULE")),
        (moved(f"{ORIGINAL}:20260926T193000"), ("calendar_malformed", "RECURRENCE-ID")),
        (moved(**{ORIGINAL: "soon"}), ("calendar_malformed", "RECURRENCE-ID")),
        (moved(**{ORIGINAL: "", "RECURRENCE-ID;TZID=Nowhere": "20260919T193000"}),
         ("zone_unknown", "RECURRENCE-ID")),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_taken_holds_back_its_series(
    one: str, expected: tuple[str, str]
) -> None:
    assert why(series(), one) == expected


def test_a_single_event_has_no_dates_to_change() -> None:
    assert why(vevent(), moved())[0] == "changed_date_unknown"


def test_a_date_that_the_series_leaves_out_cannot_be_changed() -> None:
    without = series("EXDATE;TZID=Europe/Berlin:20260919T193000")

    assert why(without, moved())[0] == "changed_date_unknown"


def test_five_hundred_dates_may_be_changed_and_no_more() -> None:
    day = "RECURRENCE-ID:202%d%02d%02dT193000"
    ids = [day % (year, month, date) for year in (6, 7) for month in range(1, 13)
           for date in range(1, 29)]  # fmt: skip
    ones = [f"BEGIN:VEVENT\r\nUID:s\r\n{each}\r\nSTATUS:CANCELLED\r\nEND:VEVENT" for each in ids]
    daily = vevent("RRULE:FREQ=DAILY", UID="s", **{BERLIN: "20260101T193000"})

    assert len(item(daily, *ones[:500]).content.changed) == 500
    assert why(daily, *ones[:501])[0] == "too_many_dates"


def test_dates_of_more_series_than_a_message_may_hold_are_refused() -> None:
    def alone(count: int) -> list[Read]:
        body = "\r\n".join(
            f"BEGIN:VEVENT\r\nUID:{number}\r\nRECURRENCE-ID:20260919T193000Z\r\nSTATUS:CANCELLED\r\n"
            "END:VEVENT"
            for number in range(count)
        )
        return read(incoming(calendar(body), "text/calendar"))

    [refused] = alone(201)
    assert isinstance(refused, Refusal)
    assert refused.reason == "too_many_items"
    assert len(alone(200)) == 200


def test_a_date_alone_waits_for_its_series() -> None:
    found = outcome(moved("SEQUENCE:3"), cancelled())

    assert isinstance(found, SeriesChange)
    assert (found.key, found.revision) == ("2026-17@theater", 3)
    assert [each.original for each in found.changes] == [EARLY.original, GONE.original]


def test_a_cancelled_calendar_cancels_the_dates_that_it_names() -> None:
    """Source: RFC 5546 3.2.5."""
    found = outcome("METHOD:CANCEL", moved())

    assert isinstance(found, SeriesChange)
    assert [each.is_cancelled for each in found.changes] == [True]


def test_plain_json_names_changed_dates() -> None:
    [found] = read(
        incoming(
            plain(
                ends="2026-09-12T21:30",
                recurrence="FREQ=WEEKLY",
                changed=[
                    {"original": "2026-09-26T19:30", "cancelled": True},
                    {"original": "2026-09-19T17:30:00Z", "starts": "2026-09-19T17:00"},
                ],
            )
        )
    )

    assert isinstance(found, Item)
    assert found.content.changed == [EARLY, GONE]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"original": "2026-09-19T19:30"}, "changed_malformed"),
        (["2026-09-19T19:30"], "changed_malformed"),
        ([{"original": "2026-09-19T19:30", "cancelled": 1}], "changed_malformed"),
        ([{"starts": "2026-09-19T19:30"}], "date_malformed"),
        ([{"original": "2026-09-19T19:30"}], "start_missing"),
        ([{"original": "2026-09-19T19:30", "starts": "2026-09-19"}], "changed_kind_differs"),
        ([{"original": "2026-09-19", "cancelled": True}], "changed_kind_differs"),
        ([{"original": "2026-09-20T19:30", "cancelled": True}], "changed_date_unknown"),
        ([{"original": "2026-09-19T19:30", "cancelled": True}] * 501, "too_many_dates"),
        ([{"original": "2026-09-19T19:30", "starts": "2026-09-19T19:30",
           "ends": "2026-09-19T19:00"}], "end_before_start"),
    ],
)  # fmt: skip
def test_a_wrong_changed_date_in_plain_json_is_named(changed: Any, reason: str) -> None:
    [found] = read(incoming(plain(recurrence="FREQ=WEEKLY", changed=changed)))

    assert isinstance(found, Refusal)
    assert (found.reason, found.field) == (reason, "changed")
