"""What people say about a repetition becomes a rule, and a rule becomes what people say."""

from datetime import date
from typing import Any

import pytest

from services.events.content import ChangedDate, EventTimes
from services.events.moving import lost, moved
from services.events.repeating import Repetition, repetition_of, with_repetition
from services.events.rule_words import how_often
from shared.errors import Malformed
from tests.events.builders import at, content

STARTS = at("2026-09-12T19:30")
"""The second Saturday of September."""


def times(**changes: Any) -> EventTimes:
    return EventTimes(**{"starts": STARTS, "ends": at("2026-09-12T21:30"), **changes})


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"repeats": "once"}, ""),
        ({"repeats": "daily"}, "FREQ=DAILY"),
        ({"repeats": "weekly"}, "FREQ=WEEKLY"),
        ({"repeats": "weekly", "interval": 2}, "FREQ=WEEKLY;INTERVAL=2"),
        (
            {"repeats": "weekly", "weekdays": ("MO", "SA"), "count": 10},
            "FREQ=WEEKLY;BYDAY=MO,SA;COUNT=10",
        ),
        (
            {"repeats": "monthly_weekday", "ordinal": 2, "weekday": "SA"},
            "FREQ=MONTHLY;BYDAY=2SA",
        ),
        ({"repeats": "monthly_day"}, "FREQ=MONTHLY;BYMONTHDAY=12"),
        (
            {"repeats": "yearly", "until": date(2030, 12, 31)},
            "FREQ=YEARLY;UNTIL=20301231T225959Z",
        ),
    ],
)
def test_what_is_said_becomes_a_rule_and_comes_back(said: dict[str, Any], rule: str) -> None:
    wanted = Repetition(**said)

    repeated = with_repetition(times(), wanted)

    assert repeated.recurrence == rule
    assert repetition_of(content(recurrence=rule)) == wanted


def test_the_day_of_the_first_date_counts_where_none_is_said() -> None:
    third = times(starts=at("2026-09-15T10:00"), ends=None)
    fifth = times(starts=at("2026-09-29T10:00"), ends=None)
    wanted = Repetition(repeats="monthly_weekday")

    rules = [with_repetition(each, wanted).recurrence for each in (third, fifth)]

    assert rules == ["FREQ=MONTHLY;BYDAY=3TU", "FREQ=MONTHLY;BYDAY=-1TU"]


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"repeats": "weekly", "weekdays": ("MO",)}, "starts_on", "Montag, 14. September 2026"),
        (
            {"repeats": "monthly_weekday", "ordinal": 2, "weekday": "TU"},
            "starts_on",
            "Dienstag, 13. Oktober 2026",
        ),
        ({"repeats": "daily", "until": date(2026, 9, 1)}, "until", "vor ihrem ersten Termin"),
        (
            {"repeats": "weekly", "excluded": (date(2026, 9, 20),)},
            "except_on",
            "Am 20.09.2026 ist kein Termin",
        ),
        ({"excluded": (date(2026, 9, 20),)}, "except_on", "kein Termin der Serie"),
    ],
)
def test_what_does_not_go_together_is_named_beside_its_field(
    said: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Malformed, match=sentence) as refusal:
        with_repetition(times(), Repetition(**said))

    assert refusal.value.field == field


def test_excluded_days_are_excluded_at_the_hour_of_the_series() -> None:
    wanted = Repetition(repeats="weekly", excluded=(date(2026, 9, 19),))

    repeated = with_repetition(times(), wanted)

    assert repeated.excluded == [at("2026-09-19T19:30")]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2", "FREQ=WEEKLY;WKST=SU;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=9,10", "FREQ=MONTHLY;BYMONTHDAY=12,13", "FREQ=DAILY;BYMONTH=9",
        "FREQ=MONTHLY;BYDAY=2SA,3SA",
    ],
)  # fmt: skip
def test_a_rule_that_the_form_cannot_say_stays_as_it_is(rule: str) -> None:
    before = content(recurrence=rule)

    kept = with_repetition(times(starts=at("2026-09-12T18:00")), Repetition(), before)

    assert repetition_of(before) is None
    assert kept.recurrence == rule


def test_a_rule_that_the_form_cannot_say_keeps_its_last_day_at_another_hour() -> None:
    rule = "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2;UNTIL=20261212T183000Z"

    kept = with_repetition(
        times(starts=at("2026-09-12T20:00")), Repetition(), content(recurrence=rule)
    )

    assert kept.recurrence.endswith("UNTIL=20261212T225959Z")


def test_a_rule_that_the_form_cannot_say_refuses_a_day_that_is_not_in_it() -> None:
    before = content(recurrence="FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2")

    with pytest.raises(Malformed, match="gehört nicht zur Wiederholung"):
        with_repetition(times(starts=at("2026-09-13T19:30")), Repetition(), before)


def test_an_untouched_rule_is_written_as_it_came() -> None:
    before = content(
        recurrence="FREQ=WEEKLY;COUNT=4;UNTIL=20261231T183000Z".replace("COUNT=4;", "")
    )
    said = repetition_of(before)
    assert said is not None

    assert with_repetition(times(), said, before).recurrence == before.recurrence


def test_a_rule_keeps_its_last_day_when_the_hour_moves() -> None:
    before = content(recurrence="FREQ=WEEKLY;UNTIL=20261010T173000Z")
    said = repetition_of(before)
    assert said is not None

    later = with_repetition(times(starts=at("2026-09-12T20:00")), said, before)

    assert said.until == date(2026, 10, 10)
    assert later.recurrence == "FREQ=WEEKLY;UNTIL=20261010T215959Z"


def test_the_day_before_is_the_last_where_the_rule_ends_before_the_hour() -> None:
    said = repetition_of(content(recurrence="FREQ=WEEKLY;UNTIL=20261010T100000Z"))

    assert said is not None
    assert said.until == date(2026, 10, 9)


def test_changed_dates_move_with_their_series_where_it_still_has_them() -> None:
    second, third = at("2026-09-19T19:30"), at("2026-09-26T19:30")
    before = content(
        recurrence="FREQ=WEEKLY",
        changed=[
            ChangedDate(original=second, starts=second, is_cancelled=True),
            ChangedDate(original=third, starts=at("2026-09-27T11:00")),
        ],
    )
    earlier = times(starts=at("2026-09-12T18:00"), ends=None, recurrence="FREQ=WEEKLY;INTERVAL=2")

    after = moved(before, earlier)

    assert after.changed == [
        ChangedDate(original=at("2026-09-26T18:00"), starts=at("2026-09-27T11:00"))
    ]
    assert lost(before, after) == before.changed[:1]


def test_a_cancelled_date_stays_cancelled_at_the_new_hour() -> None:
    second = at("2026-09-19T19:30")
    off = ChangedDate(original=second, starts=second, is_cancelled=True)
    before = content(recurrence="FREQ=WEEKLY", changed=[off])

    after = moved(before, times(starts=at("2026-09-12T18:00"), recurrence="FREQ=WEEKLY"))

    new = at("2026-09-19T18:00")
    assert after.changed == [ChangedDate(original=new, starts=new, is_cancelled=True)]
    assert lost(before, after) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", "wöchentlich am Montag und Mittwoch"),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=6", "monatlich am 2. Dienstag, insgesamt 6 Termine"),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
            "alle 2 Monate am letzten Freitag",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "monatlich am 15. und letzten Tag"),
        (
            "FREQ=YEARLY;BYMONTH=5,6,7;BYDAY=SA;BYSETPOS=1",
            "jährlich am Samstag im Mai, Juni und Juli (davon jeweils 1.)",
        ),
        ("FREQ=DAILY;UNTIL=20261231T225959Z", "täglich, bis 31.12.2026"),
        ("FREQ=DAILY;UNTIL=20261231", "täglich, bis 31.12.2026"),
    ],
)
def test_a_rule_in_words(rule: str, words: str) -> None:
    assert how_often(rule) == words
