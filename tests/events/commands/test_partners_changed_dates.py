"""Changed dates that come without their series find it, and editors' changes stay whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.content import EventTimes
from services.events.ingest.batch import Receipt
from services.events.ingest.model import Partner
from shared.database import Connection
from tests.events.builders import EDITOR, calendar, incoming, plain, vevent
from tests.events.calendars import SITE, in_days
from tests.events.partners import arrived, event_of, registered, take

NOW = datetime.now(UTC)
FIRST = in_days(8).replace(hour=19, minute=30, second=0, microsecond=0, tzinfo=None)
SECOND = FIRST + timedelta(days=7)
BERLIN, ORIGINAL = "DTSTART;TZID=Europe/Berlin", "RECURRENCE-ID;TZID=Europe/Berlin"


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def series(*lines: str) -> str:
    return vevent("RRULE:FREQ=WEEKLY", *lines, **{BERLIN: stamp(FIRST)})


def one(original: datetime, *lines: str, starts: datetime | None = None, **changes: str) -> str:
    given = {ORIGINAL: stamp(original), BERLIN: stamp(starts or original - timedelta(hours=2))}
    return vevent(*lines, **{**given, **changes})


async def sent(opened: Connection, partner: Partner, *parts: str) -> Receipt:
    message = incoming(calendar(*parts), "text/calendar")
    command = TakePartnerItems(partner, [arrived(message)])
    [receipt] = await take_partner_items(opened, command, SITE, NOW)
    return receipt


async def changed(opened: Connection, receipt: Receipt) -> list[tuple[datetime, bool]]:
    event = await event_of(opened, receipt)
    return [(change.starts, change.is_cancelled) for change in event.changed]


async def test_a_date_alone_changes_the_series_that_is_known(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series("CATEGORIES:Theater"))

    receipt = await sent(transaction, partner, one(SECOND, "SEQUENCE:1"))
    again = await sent(transaction, partner, one(SECOND, "SEQUENCE:1"))

    assert (receipt.outcome, receipt.reason, again.outcome) == ("accepted", "", "unchanged")
    event = await event_of(transaction, receipt)
    assert (event.title, event.categories) == ("Sommerkonzert", ["culture"])
    assert await changed(transaction, receipt) == [(SECOND - timedelta(hours=2), False)]


async def test_a_second_date_leaves_the_first_as_it_was_changed(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series(), one(SECOND))

    third = SECOND + timedelta(days=7)
    receipt = await sent(transaction, partner, one(third, "STATUS:CANCELLED"))

    expected = [(SECOND - timedelta(hours=2), False), (third, True)]
    assert await changed(transaction, receipt) == expected


async def test_a_date_goes_back_to_the_rule(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series(), one(SECOND))

    receipt = await sent(transaction, partner, one(SECOND, starts=SECOND))

    assert await changed(transaction, receipt) == []


async def test_an_older_change_of_a_date_is_refused(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series("SEQUENCE:1"), one(SECOND, "SEQUENCE:4"))

    receipt = await sent(transaction, partner, one(SECOND, "SEQUENCE:3", starts=SECOND))

    assert (receipt.outcome, receipt.reason) == ("quarantined", "older_version")


async def test_a_date_of_a_series_that_is_not_known_is_refused(transaction: Connection) -> None:
    partner = await registered(transaction)

    receipt = await sent(transaction, partner, one(SECOND))

    assert (receipt.outcome, receipt.reason, receipt.field) == (
        "quarantined",
        "series_not_known",
        "RECURRENCE-ID",
    )


async def test_a_series_of_another_partner_is_not_touched(transaction: Connection) -> None:
    theirs = await sent(transaction, await registered(transaction), series())

    receipt = await sent(transaction, await registered(transaction), one(SECOND))

    assert receipt.reason == "series_not_known"
    assert await changed(transaction, theirs) == []


async def test_a_date_of_a_series_that_was_taken_back_is_refused(transaction: Connection) -> None:
    partner = await registered(transaction)
    key = {"id": "2026-17@theater"}
    await take(transaction, partner, [plain(**key, starts=f"{FIRST:%Y-%m-%dT%H:%M}")], NOW)
    await take(transaction, partner, [key | {"status": "deleted"}], NOW)

    assert (await sent(transaction, partner, one(SECOND))).reason == "series_not_known"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"original": SECOND + timedelta(days=1)}, "changed_date_unknown"),
        ({"original": SECOND, "LOCATION": "Anderswo"}, "changed_place_not_supported"),
    ],
)
async def test_a_date_alone_is_held_to_the_rules_of_its_series(
    transaction: Connection, changes: dict[str, Any], reason: str
) -> None:
    partner = await registered(transaction)
    first = await sent(transaction, partner, series())

    receipt = await sent(transaction, partner, one(**changes))

    assert (receipt.outcome, receipt.reason) == ("quarantined", reason)
    assert await changed(transaction, first) == []


async def test_words_of_a_date_alone_are_left_out_and_told(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series())

    receipt = await sent(transaction, partner, one(SECOND, SUMMARY="Winterkonzert"))

    assert (receipt.outcome, receipt.reason) == ("accepted", "changed_texts_left_out")
    assert (await event_of(transaction, receipt)).title == "Sommerkonzert"


async def test_a_cancelled_series_stays_cancelled(transaction: Connection) -> None:
    partner = await registered(transaction)
    await sent(transaction, partner, series("STATUS:CANCELLED"))

    receipt = await sent(transaction, partner, one(SECOND))

    assert (await event_of(transaction, receipt)).state == "cancelled"


async def test_a_date_that_an_editors_rule_has_no_more_is_not_brought_back(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    first = await sent(transaction, partner, series())
    event = await event_of(transaction, first)
    times = EventTimes(starts=FIRST, recurrence="FREQ=WEEKLY;INTERVAL=2")
    command = RescheduleEvent(event.calendar_event_id, event.version, times, EDITOR)
    await reschedule_event(transaction, command, SITE, NOW)

    receipt = await sent(transaction, partner, one(SECOND))

    assert receipt.outcome == "accepted"
    assert await changed(transaction, receipt) == []
