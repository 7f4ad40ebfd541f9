"""Recurrence rules are taken only where they end in good time, and then mean what they say."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.events.recurrence import occurrences
from services.events.recurrence_rule import RuleRefused, checked_rule
from tests.events.builders import at, content

START = at("2026-01-03T19:30")
DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
PARTS = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"])},
    optional={
        "INTERVAL": st.integers(0, 400).map(str),
        "COUNT": st.integers(0, 1_100).map(str),
        "BYDAY": st.lists(
            st.tuples(st.sampled_from(["", "1", "-1", "5", "53"]), DAYS).map("".join), min_size=1
        ).map(",".join),
        "BYMONTHDAY": st.lists(st.integers(-31, 31).map(str), min_size=1, max_size=4).map(",".join),
        "BYMONTH": st.lists(st.integers(0, 13).map(str), min_size=1, max_size=4).map(",".join),
        "BYSETPOS": st.integers(-2, 2).map(str),
        "WKST": DAYS,
    },
)
TEXTS = PARTS.map(lambda parts: ";".join(f"{name}={value}" for name, value in parts.items()))


@settings(max_examples=300, deadline=timedelta(seconds=10))
@given(TEXTS)
def test_every_rule_is_refused_or_lists_its_dates_in_good_time(text: str) -> None:
    try:
        rule = checked_rule(text, START, "Europe/Berlin", all_day=False)
    except RuleRefused as refusal:
        event(refusal.reason)
        return

    series = content(starts=START, recurrence=rule)
    dates = occurrences(series, START, START + timedelta(days=731), 1_000)
    assert dates[0] == START
    assert len(dates) <= 1_000


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 400))
def test_dates_are_those_that_dateutil_lists(text: str, days: int) -> None:
    starts = datetime(2026, 1, 1, 19, 30) + timedelta(days=days)  # noqa: DTZ001
    try:
        rule = checked_rule(text, starts, "Europe/Berlin", all_day=False)
    except RuleRefused:
        return

    until = starts + timedelta(days=400)
    ours = occurrences(content(starts=starts, recurrence=rule), starts, until, 500)
    theirs = rrulestr(text, dtstart=starts).between(starts, until - timedelta(seconds=1), inc=True)
    assert ours == theirs[:500]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("freq=weekly;byday=sa", "FREQ=WEEKLY;BYDAY=SA"),
        ("FREQ=WEEKLY;UNTIL=20260401", "FREQ=WEEKLY;UNTIL=20260401T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260401T120000", "FREQ=WEEKLY;UNTIL=20260401T100000Z"),
        ("FREQ=WEEKLY;UNTIL=20260401T120000Z", "FREQ=WEEKLY;UNTIL=20260401T120000Z"),
    ],
)
def test_until_is_kept_in_utc(text: str, expected: str) -> None:
    """Source: RFC 5545 3.3.10."""
    assert checked_rule(text, START, "Europe/Berlin", all_day=False) == expected


def test_until_is_a_date_for_whole_days() -> None:
    rule = checked_rule(
        "FREQ=DAILY;UNTIL=20260110T120000Z", at("2026-01-03"), "Europe/Berlin", all_day=True
    )

    assert rule == "FREQ=DAILY;UNTIL=20260110"


def test_a_weekly_series_keeps_its_hour_over_the_change_of_the_clock() -> None:
    series = content(starts=at("2026-03-22T19:30"), recurrence="FREQ=WEEKLY;COUNT=3")

    dates = occurrences(series, series.starts, series.starts + timedelta(days=60), 10)

    assert [day.hour for day in dates] == [19, 19, 19]


@pytest.mark.parametrize(
    "text",
    ["", "FREQ", "FREQ=", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=1;UNTIL=20270101", "X=1",
     "FREQ=DAILY;WKST=XX", "FREQ=DAILY;BYDAY=1MO", "FREQ=DAILY;COUNT=٣", "FREQ=DAILY;BYMONTH=1,",
     "FREQ=WEEKLY;BYDAY=SA;BYSETPOS=2", "FREQ=DAILY;BYHOUR=1", "FREQ=DAILY;INTERVAL=1e3"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleRefused):
        checked_rule(text, START, "Europe/Berlin", all_day=False)
