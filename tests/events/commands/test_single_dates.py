"""Single dates of a series are cancelled, moved and restored, and everybody learns of just that."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.events.commands.cancel_date import CancelDate, cancel_date
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.move_date import MoveDate, move_date
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.commands.restore_date import RestoreDate, restore_date
from services.events.content import EventTimes
from services.events.model import CalendarEvent, EventUnknown, StaleVersion
from services.events.single_dates import DateAlreadyCancelled, DateUnchanged, NoSuchDate
from services.events.store.events import find_event
from shared.database import Connection
from shared.errors import Malformed, Refused
from tests.events.builders import EDITOR, EVENT_ID, content
from tests.events.calendars import SITE
from tests.events.commands.test_editing import LATER, NOW, SOON, facts, feed_text

SECOND = SOON + timedelta(days=7)
SUNDAY = SECOND + timedelta(days=1, hours=-2)


async def series(transaction: Connection, **changes: Any) -> CalendarEvent:
    given = {"starts": SOON, "ends": SOON + timedelta(hours=2), "recurrence": "FREQ=WEEKLY"}
    draft = await draft_event(
        transaction, DraftEvent(content(**{**given, **changes}), EDITOR), SITE, NOW
    )
    command = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    return await publish_event(transaction, command, SITE, NOW)


def cancelling(
    transaction: Connection, event: CalendarEvent, original: datetime = SECOND
) -> Awaitable[CalendarEvent]:
    command = CancelDate(event.calendar_event_id, event.version, original, EDITOR)
    return cancel_date(transaction, command, SITE, LATER)


def moving(
    transaction: Connection, event: CalendarEvent, starts: datetime, ends: datetime | None = None
) -> Awaitable[CalendarEvent]:
    command = MoveDate(event.calendar_event_id, event.version, SECOND, starts, ends, EDITOR)
    return move_date(transaction, command, SITE, LATER)


def restoring(transaction: Connection, event: CalendarEvent) -> Awaitable[CalendarEvent]:
    command = RestoreDate(event.calendar_event_id, event.version, SECOND, EDITOR)
    return restore_date(transaction, command, SITE, LATER)


async def listed(transaction: Connection) -> list[tuple[datetime, bool]]:
    rows = await transaction.fetch(
        "select starts, is_cancelled from occurrence order by starts limit 3"
    )
    return [(row["starts"], row["is_cancelled"]) for row in rows]


async def test_one_date_is_cancelled_and_the_others_take_place(transaction: Connection) -> None:
    before = await series(transaction)

    after = await cancelling(transaction, before)

    text = await feed_text(transaction)
    assert (after.version, after.sequence) == (before.version + 1, before.sequence + 1)
    assert f"RECURRENCE-ID;TZID=Europe/Berlin:{SECOND:%Y%m%dT%H%M%S}" in text
    assert text.count("STATUS:CANCELLED") == 1
    assert (await listed(transaction))[1] == (SECOND, True)
    assert (await facts(transaction))[-1][0] == "event_changed"


async def test_one_date_is_moved_and_others_learn_from_when(transaction: Connection) -> None:
    before = await series(transaction)

    after = await moving(transaction, before, SUNDAY, SUNDAY + timedelta(hours=1))

    name, fact = (await facts(transaction))[-1]
    text = await feed_text(transaction)
    assert after.previous_starts_at is None
    assert (await listed(transaction))[1] == (SUNDAY, False)
    assert f"RECURRENCE-ID;TZID=Europe/Berlin:{SECOND:%Y%m%dT%H%M%S}" in text
    assert f"DTSTART;TZID=Europe/Berlin:{SUNDAY:%Y%m%dT%H%M%S}" in text
    assert name == "event_rescheduled"
    assert datetime.fromisoformat(fact["previous_starts_at"]) == before.starts_at + timedelta(7)


async def test_a_date_that_is_moved_again_was_where_it_was_last(transaction: Connection) -> None:
    once = await moving(transaction, await series(transaction), SUNDAY)

    await moving(transaction, once, SUNDAY + timedelta(days=1))

    _, fact = (await facts(transaction))[-1]
    previous = datetime.fromisoformat(fact["previous_starts_at"])
    assert previous == once.starts_at + (SUNDAY - SOON)


async def test_a_restored_date_is_as_the_rule_says(transaction: Connection) -> None:
    before = await series(transaction)
    cancelled = await cancelling(transaction, before)

    after = await restoring(transaction, cancelled)

    assert after.changed == []
    assert after.sequence == cancelled.sequence + 1
    assert "RECURRENCE-ID" not in await feed_text(transaction)
    assert (await listed(transaction))[1] == (SECOND, False)
    assert (await facts(transaction))[-1][0] == "event_changed"


async def test_a_cancelled_date_that_is_moved_takes_place_again(transaction: Connection) -> None:
    cancelled = await cancelling(transaction, await series(transaction))

    await moving(transaction, cancelled, SUNDAY)

    assert (await listed(transaction))[1] == (SUNDAY, False)


async def test_moving_a_date_to_where_it_is_changes_nothing(transaction: Connection) -> None:
    moved = await moving(transaction, await series(transaction), SUNDAY)
    told = len(await facts(transaction))

    again = await moving(transaction, moved, SUNDAY)

    assert again == moved
    assert len(await facts(transaction)) == told


@pytest.mark.parametrize(
    "original",
    [SOON + timedelta(days=1), SECOND + timedelta(minutes=1), SECOND + timedelta(seconds=1)],
    ids=["another day", "another minute", "another second"],
)
async def test_only_dates_of_the_series_are_changed(
    transaction: Connection, original: datetime
) -> None:
    event = await series(transaction)

    with pytest.raises(NoSuchDate):
        await cancelling(transaction, event, original)


async def test_an_excluded_date_and_a_single_event_have_no_dates_to_change(
    transaction: Connection,
) -> None:
    excluded = await series(transaction, excluded=[SECOND])
    single = await series(transaction, recurrence="")

    with pytest.raises(NoSuchDate):
        await cancelling(transaction, excluded)
    with pytest.raises(NoSuchDate):
        await cancelling(transaction, single, SOON)


async def test_what_was_done_or_never_done_is_not_done_again(transaction: Connection) -> None:
    event = await series(transaction)
    cancelled = await cancelling(transaction, event)
    restored = await restoring(transaction, cancelled)

    with pytest.raises(DateUnchanged):
        await restoring(transaction, restored)
    again = await cancelling(transaction, restored)
    with pytest.raises(DateAlreadyCancelled):
        await cancelling(transaction, again)


async def test_an_end_before_the_start_is_refused(transaction: Connection) -> None:
    event = await series(transaction)

    with pytest.raises(Malformed) as refusal:
        await moving(transaction, event, SUNDAY, SUNDAY - timedelta(hours=1))

    assert refusal.value.field == "changed"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"version": 1}, StaleVersion), ({"calendar_event_id": EVENT_ID}, EventUnknown)],
)
async def test_older_versions_and_unknown_events_are_refused(
    transaction: Connection, changes: dict[str, Any], refusal: type[Refused]
) -> None:
    event = msgspec.structs.replace(await series(transaction), **changes)

    for attempt in (
        cancelling(transaction, event),
        moving(transaction, event, SUNDAY),
        restoring(transaction, event),
    ):
        with pytest.raises(refusal):
            await attempt


async def test_a_series_moves_as_a_whole_with_its_changed_dates(transaction: Connection) -> None:
    cancelled = await cancelling(transaction, await series(transaction))
    hour = timedelta(hours=1)
    times = EventTimes(starts=SOON + hour, ends=SOON + 3 * hour, recurrence="FREQ=WEEKLY")

    command = RescheduleEvent(cancelled.calendar_event_id, cancelled.version, times, EDITOR)
    after = await reschedule_event(transaction, command, SITE, LATER)

    found = await find_event(transaction, after.calendar_event_id)
    assert found == after
    assert after.previous_starts_at == cancelled.starts_at
    assert await listed(transaction) == [
        (SOON + hour, False), (SECOND + hour, True), (SOON + timedelta(days=14, hours=1), False),
    ]  # fmt: skip
