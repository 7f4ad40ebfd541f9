"""Zones come from the pinned data, and their rules say what that data says."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ical.timezone import instant, is_zone, wall_clock, zone, zone_rule

EUROPE = ["Berlin", "Paris", "Warsaw", "Prague", "London", "Lisbon", "Athens", "Helsinki", "Dublin"]


def test_every_european_zone_has_a_rule() -> None:
    rules = [zone_rule(f"Europe/{city}") for city in EUROPE]

    assert all(rule is not None and rule.daylight is not None for rule in rules)


def test_zones_that_no_yearly_rule_describes_have_none() -> None:
    """Source: ical.md, zones with other changes are written in UTC."""
    odd = ["Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "America/Nuuk", "Asia/Jerusalem"]

    assert [zone_rule(name) for name in odd] == [None] * 5


def test_the_rule_of_berlin_is_the_one_everybody_knows() -> None:
    rule = zone_rule("Europe/Berlin")

    assert rule is not None
    assert rule.daylight is not None
    assert (rule.standard.abbreviation, rule.daylight.abbreviation) == ("CET", "CEST")
    assert rule.daylight.starts is not None
    assert rule.daylight.starts.in_year(2026) == datetime(2026, 3, 29, 2)  # noqa: DTZ001
    assert rule.standard.starts is not None
    assert rule.standard.starts.in_year(2026) == datetime(2026, 10, 25, 3)  # noqa: DTZ001


def test_dublins_summer_time_is_the_daylight_time_for_clients() -> None:
    rule = zone_rule("Europe/Dublin")

    assert rule is not None
    assert rule.daylight is not None
    assert rule.daylight.offset - rule.standard.offset == timedelta(hours=1)


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Nowhere", "../etc/passwd", "/etc", "zones"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(ZoneInfoNotFoundError):
        zone(name)


def test_a_time_that_the_clocks_skip_counts_with_the_offset_before() -> None:
    """Source: RFC 5545 3.3.5."""
    skipped = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001

    assert instant(skipped, "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_repeat_is_its_first_passing() -> None:
    """Source: RFC 5545 3.3.5."""
    repeated = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001

    assert instant(repeated, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001
def test_an_instant_comes_back_as_the_same_instant(at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)

    assert instant(wall_clock(aware, "Europe/Berlin"), "Europe/Berlin") in (
        aware,
        aware - timedelta(hours=1),
    )


def test_most_zones_of_the_world_can_be_written_with_a_rule() -> None:
    names = files("tzdata").joinpath("zones").read_text().split()

    without = [name for name in names if zone_rule(name) is None]
    assert len(without) < len(names) / 20
