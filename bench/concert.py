"""Sets an honouring concert up that thousands are invited to, many rows with one statement."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from bench.people import known_people
from bench.system import System
from services.notifier.store import control
from services.recognition.honouring.commands.plan_honouring_event import (
    PlanHonouringEvent,
    plan_honouring_event,
)
from services.recognition.honouring.commands.send_wave import SendWave, send_wave
from services.recognition.honouring.planning import Capacities, Programme, Schedule, Terms
from shared.database import Connection, Pool, transaction

HELD_IN = timedelta(days=200)


class Concert(msgspec.Struct, frozen=True):
    """An honouring event to which many are selected."""

    honouring_event_id: UUID
    guests: int
    answer_by: datetime


async def pause_mails(system: System) -> None:
    """Have messages queued and sorted but not sent, so that no mail server is measured."""
    async with system.pool("notifier", size=1) as pool, transaction(pool) as opened:
        await control.pause(opened, "Bench")


async def selected(system: System, pool: Pool, guests: int, seats: int) -> Concert:
    """Plan a concert with so many seats and select so many guests for it."""
    people = await known_people(system, guests)
    starts_at = (datetime.now(UTC) + HELD_IN).replace(hour=19, minute=0, tzinfo=None)
    plan = PlanHonouringEvent(
        programme=Programme(
            title=f"Dankeskonzert für {guests} Gäste",
            programme="Die Philharmonie spielt.",
            venue_name="Kulturhaus am Elbufer",
            venue_address="Uferpromenade 1, 01067 Elbstadt",
        ),
        schedule=Schedule(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            doors_open_at=starts_at - timedelta(hours=1),
        ),
        terms=Terms(
            nominate_by_on=(starts_at - timedelta(days=90)).date(),
            answer_by_on=(starts_at - timedelta(days=30)).date(),
            most_seats=2,
        ),
        capacities=Capacities(
            volunteer=seats, protocol=0, standard=seats, wheelchair=0, companion=0
        ),
    )
    async with transaction(pool) as opened:
        event_id = await plan_honouring_event(opened, plan)
        await _select(opened, event_id, people)
    return Concert(event_id, guests, starts_at - timedelta(days=30))


async def invite(pool: Pool, concert: Concert) -> list[UUID]:
    """Send one wave to all who are selected and return their invitations."""
    wave = SendWave(
        honouring_event_id=concert.honouring_event_id,
        answer_by_on=concert.answer_by.date(),
        expected=concert.guests,
        sent_by="Bench",
    )
    async with transaction(pool) as opened:
        await send_wave(opened, wave)
    rows = await pool.fetch(
        "select invitation_id from invitation where honouring_event_id = $1 order by 1",
        concert.honouring_event_id,
    )
    return [row[0] for row in rows]


async def _select(opened: Connection, event_id: UUID, people: Sequence[UUID]) -> None:
    await opened.execute(
        """
        insert into guest_proposal (
            honouring_event_id, person_id, category, state, proposed_by
        )
        select $1, person_id, 'volunteer', 'selected', 'Bench'
        from unnest($2::uuid[]) as person_id
        """,
        event_id,
        people,
    )
    await opened.execute(
        "update honouring_event set phase = 'guests_selected' where honouring_event_id = $1",
        event_id,
    )
