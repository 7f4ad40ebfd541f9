"""The calendar follows honouring events, whatever order their facts come in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.events.answers import answers
from services.events.model import CalendarEvent, KeptElsewhere, require_editable
from services.events.store.locking import lock_event_of
from services.events.subscriptions import subscriptions
from shared.contracts.events_reads import CalendarEventDetails, CalendarEvents
from shared.contracts.fact import Fact
from shared.contracts.recognition import (
    HonouringEventCancelled,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
)
from shared.contracts.registry import StaffSessionEnded
from shared.database import Connection, Pool
from tests.events.calendars import SITE, draft, publish

STARTS = datetime(2027, 2, 6, 18, 0, tzinfo=UTC)


def planned(honouring_event_id: UUID, version: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "honouring_event_id": honouring_event_id,
        "version": version,
        "title": "Dankeskonzert",
        "programme": "Mit der Philharmonie",
        "venue_name": "Konzerthalle",
        "venue_address": "Schlossplatz 1\n01067 Beispielstadt",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=2),
        "zone": "Europe/Berlin",
        **changes,
    }


async def hear(transaction: Connection, *facts: Fact) -> None:
    handler = subscriptions(SITE).handlers[HonouringEventPlanned.subject]
    await handler(transaction, facts)


async def kept(transaction: Connection, honouring_event_id: UUID) -> CalendarEvent | None:
    return await lock_event_of(transaction, "honouring", honouring_event_id)


async def test_a_planned_concert_stands_in_the_calendar(transaction: Connection) -> None:
    concert = uuid4()

    await hear(transaction, HonouringEventPlanned(**planned(concert)))

    event = await kept(transaction, concert)
    assert event is not None
    assert (event.state, event.categories) == ("published", ["honour"])
    assert event.starts == datetime(2027, 2, 6, 19, 0)  # noqa: DTZ001
    assert event.place_address == "Schlossplatz 1, 01067 Beispielstadt"
    assert await transaction.fetchval("select count(*) from event_ical") == 1
    assert "event_published" in await transaction.fetchval("select subject from outbox")


async def test_a_moved_concert_moves_with_a_higher_sequence(transaction: Connection) -> None:
    concert, later = uuid4(), STARTS + timedelta(days=7)
    await hear(transaction, HonouringEventPlanned(**planned(concert)))

    moved = planned(concert, 2, starts_at=later, ends_at=later + timedelta(hours=2))
    await hear(transaction, HonouringEventRescheduled(**moved, previous_starts_at=STARTS))

    event = await kept(transaction, concert)
    subjects = await transaction.fetch("select subject from outbox order by position")
    assert event is not None
    assert (event.sequence, event.previous_starts_at) == (1, STARTS)
    assert "event_rescheduled" in subjects[-1]["subject"]


async def test_a_cancelled_concert_stays_as_cancelled(transaction: Connection) -> None:
    concert = uuid4()
    await hear(transaction, HonouringEventPlanned(**planned(concert)))

    await hear(transaction, HonouringEventCancelled(honouring_event_id=concert, version=2))

    event = await kept(transaction, concert)
    assert event is not None
    assert (event.state, event.sequence) == ("cancelled", 1)


async def test_an_older_fact_that_comes_late_changes_nothing(transaction: Connection) -> None:
    concert = uuid4()
    await hear(transaction, HonouringEventPlanned(**planned(concert)))
    await hear(transaction, HonouringEventCancelled(honouring_event_id=concert, version=3))
    before = await kept(transaction, concert)

    await hear(transaction, HonouringEventChanged(**planned(concert, 2, title="Zu spät")))

    assert await kept(transaction, concert) == before


async def test_a_change_whose_planning_was_missed_makes_the_event(transaction: Connection) -> None:
    concert = uuid4()

    await hear(transaction, HonouringEventChanged(**planned(concert, 2)))

    assert await kept(transaction, concert) is not None


async def test_a_cancellation_of_what_was_never_known_does_nothing(
    transaction: Connection,
) -> None:
    concert = uuid4()

    await hear(transaction, HonouringEventCancelled(honouring_event_id=concert, version=2))

    assert await kept(transaction, concert) is None


async def test_a_run_of_facts_ends_in_the_last_state(transaction: Connection) -> None:
    concert = uuid4()

    await hear(
        transaction,
        HonouringEventPlanned(**planned(concert)),
        HonouringEventChanged(**planned(concert, 2, title="x" * 500)),
    )

    event = await kept(transaction, concert)
    assert event is not None
    assert (event.title, event.origin_version) == ("x" * 200, 2)


async def test_editors_cannot_change_a_concert(transaction: Connection) -> None:
    concert = uuid4()
    await hear(transaction, HonouringEventPlanned(**planned(concert)))

    event = await kept(transaction, concert)

    assert event is not None
    with pytest.raises(KeptElsewhere):
        require_editable(event)


async def test_a_member_of_staff_who_signs_out_is_out_here_too(transaction: Connection) -> None:
    ended = StaffSessionEnded(
        session_id=uuid4(), version=1, forget_after=datetime.now(UTC) + timedelta(minutes=10)
    )

    await subscriptions(SITE).handlers[StaffSessionEnded.subject](transaction, [ended])

    known = "select true from ended_session where session_id = $1"
    assert await transaction.fetchval(known, ended.session_id)


async def test_others_can_ask_for_public_events_only(pool: Pool) -> None:
    shown, hidden = await publish(pool), await draft(pool)
    [answering] = [one for one in answers(pool) if one.kind is CalendarEvents]

    [details] = await answering.read([shown.calendar_event_id, hidden.calendar_event_id, uuid4()])

    assert isinstance(details, CalendarEventDetails)
    assert (details.calendar_event_id, details.state) == (shown.calendar_event_id, "published")
    assert details.starts_at == shown.starts_at
    assert details.place == "Kulturhaus, Hauptstraße 1, 01067 Dresden"
