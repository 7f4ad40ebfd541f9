"""What editors decide about submitted events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.commands.publish_event import AlreadyPublished
from services.events.commands.refuse_event import RefuseEvent, refuse_event
from services.events.commands.release_due_events import release_due_events
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.commands.schedule_event import ScheduleEvent, schedule_event
from services.events.commands.withdraw_approval import (
    NotScheduled,
    WithdrawApproval,
    withdraw_approval,
)
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, EventUnknown, StaleVersion
from services.events.review import NobodyToReturnTo, NotSubmitted
from services.events.store.events import public_events
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, EVENT_ID, event
from tests.events.calendars import SITE, in_days

NOW = datetime.now(UTC)


async def kept(transaction: Connection, **changes: Any) -> CalendarEvent:
    given = event(**{"starts": in_days(5), "ends": None, "state": "submitted", **changes})
    await keep_events(transaction, [given], SITE, NOW, Deed("submit_event", "Ein Verein"))
    return given


async def test_a_returned_event_says_why_and_who_did_it(transaction: Connection) -> None:
    await kept(transaction)

    after = await return_event(
        transaction, ReturnEvent(EVENT_ID, 1, "Bitte den Eingang nennen.", EDITOR), SITE, NOW
    )

    row = await transaction.fetchrow(
        "select state, review_note, version from calendar_event where calendar_event_id = $1",
        EVENT_ID,
    )
    deed = await transaction.fetchrow(
        "select deed, made_by from event_revision where version = $1", after.version
    )
    assert row
    assert tuple(row) == ("returned", "Bitte den Eingang nennen.", 2)
    assert deed
    assert tuple(deed) == ("return_event", EDITOR)


async def test_a_refused_event_says_why(transaction: Connection) -> None:
    await kept(transaction)

    after = await refuse_event(transaction, RefuseEvent(EVENT_ID, 1, "Werbung.", EDITOR), SITE, NOW)

    assert (after.state, after.review_note) == ("refused", "Werbung.")


async def test_a_partners_event_is_refused_and_not_returned(transaction: Connection) -> None:
    await kept(transaction, origin="partner", origin_id=EVENT_ID)

    with pytest.raises(NobodyToReturnTo):
        await return_event(transaction, ReturnEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    after = await refuse_event(transaction, RefuseEvent(EVENT_ID, 1, "Werbung.", EDITOR), SITE, NOW)

    assert after.state == "refused"


@pytest.mark.parametrize("state", ["draft", "returned", "refused", "scheduled", "published"])
async def test_only_what_was_submitted_is_decided_on(transaction: Connection, state: str) -> None:
    await kept(transaction, state=state, public_from=NOW + timedelta(hours=1))

    with pytest.raises(NotSubmitted):
        await return_event(transaction, ReturnEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    with pytest.raises(NotSubmitted):
        await refuse_event(transaction, RefuseEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)


async def test_a_scheduled_event_is_seen_from_its_hour_on(transaction: Connection) -> None:
    await kept(transaction)
    command = ScheduleEvent(EVENT_ID, 1, NOW + timedelta(hours=1), EDITOR)

    scheduled = await schedule_event(transaction, command, SITE, NOW)
    before = await public_events(transaction, [EVENT_ID])
    await transaction.execute("update calendar_event set public_from = now() - interval '1 s'")
    await release_due_events(transaction, 10, SITE, NOW)

    assert scheduled.state == "scheduled"
    assert not before
    assert await public_events(transaction, [EVENT_ID])


@pytest.mark.parametrize("hours", [-1, 24 * 6])
async def test_an_hour_that_makes_no_sense_is_refused(transaction: Connection, hours: int) -> None:
    await kept(transaction)
    command = ScheduleEvent(EVENT_ID, 1, NOW + timedelta(hours=hours), EDITOR)

    with pytest.raises(Malformed) as refusal:
        await schedule_event(transaction, command, SITE, NOW)

    assert refusal.value.field == "public_from"


async def test_what_everybody_sees_is_not_hidden_again(transaction: Connection) -> None:
    await kept(transaction, state="published")
    command = ScheduleEvent(EVENT_ID, 1, NOW + timedelta(hours=1), EDITOR)

    with pytest.raises(AlreadyPublished):
        await schedule_event(transaction, command, SITE, NOW)


async def test_who_saw_an_older_version_decides_nothing(transaction: Connection) -> None:
    await kept(transaction, version=2)
    hour = NOW + timedelta(hours=1)

    with pytest.raises(StaleVersion):
        await return_event(transaction, ReturnEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    with pytest.raises(StaleVersion):
        await refuse_event(transaction, RefuseEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    with pytest.raises(StaleVersion):
        await schedule_event(transaction, ScheduleEvent(EVENT_ID, 1, hour, EDITOR), SITE, NOW)


async def test_an_event_that_is_not_there_is_unknown(transaction: Connection) -> None:
    hour = NOW + timedelta(hours=1)

    with pytest.raises(EventUnknown):
        await return_event(transaction, ReturnEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    with pytest.raises(EventUnknown):
        await refuse_event(transaction, RefuseEvent(EVENT_ID, 1, "Warum?", EDITOR), SITE, NOW)
    with pytest.raises(EventUnknown):
        await schedule_event(transaction, ScheduleEvent(EVENT_ID, 1, hour, EDITOR), SITE, NOW)


async def test_an_approval_is_taken_back_before_its_hour(transaction: Connection) -> None:
    await kept(transaction, state="scheduled", public_from=NOW - timedelta(hours=1))

    after = await withdraw_approval(transaction, WithdrawApproval(EVENT_ID, 1, EDITOR), SITE, NOW)

    assert (after.state, after.public_from, after.submitted_at) == ("submitted", None, NOW)
    assert await release_due_events(transaction, 10, SITE, NOW) == 0


@pytest.mark.parametrize("state", ["draft", "submitted", "published"])
async def test_what_is_not_scheduled_has_no_approval(transaction: Connection, state: str) -> None:
    await kept(transaction, state=state)

    with pytest.raises(NotScheduled):
        await withdraw_approval(transaction, WithdrawApproval(EVENT_ID, 1, EDITOR), SITE, NOW)
    with pytest.raises(StaleVersion):
        await withdraw_approval(transaction, WithdrawApproval(EVENT_ID, 9, EDITOR), SITE, NOW)
