"""Keeps honouring events."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import HonouringEvent, Phase
from services.recognition.honouring.planning import Programme, Schedule, Terms
from shared.database import Connection
from shared.errors import NotFound


class HonouringEventUnknown(NotFound):
    """There is no honouring event with this id."""

    def __init__(self) -> None:
        super().__init__("Dieses Konzert gibt es nicht.")


class ListedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of honouring events."""

    honouring_event_id: UUID
    title: str
    venue_name: str
    starts_at: datetime
    phase: Phase
    proposed: int
    invited: int
    accepted_persons: int
    """People who come, with plus-ones and access companions."""


async def clock(connection: Connection) -> datetime:
    """Return the database's time, which decides on every deadline."""
    now: datetime = await connection.fetchval("select now()")
    return now


async def add(
    transaction: Connection, programme: Programme, schedule: Schedule, terms: Terms
) -> UUID:
    """Add an honouring event in its first phase and return its id."""
    honouring_event_id: UUID = await transaction.fetchval(
        """
        insert into honouring_event (
            title, programme, venue_name, venue_address, starts_at, ends_at, doors_open_at, zone,
            nominate_by_on, answer_by_on, offer_hours, most_seats, admission_hours
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        returning honouring_event_id
        """,
        *msgspec.structs.astuple(programme),
        *msgspec.structs.astuple(schedule),
        *msgspec.structs.astuple(terms),
    )
    return honouring_event_id


async def get(connection: Connection, honouring_event_id: UUID) -> HonouringEvent:
    """Return an honouring event.

    Raises:
        HonouringEventUnknown: there is none with this id.
    """
    row = await connection.fetchrow(
        """
        select
            honouring_event_id, version, title, programme, venue_name, venue_address, starts_at,
            ends_at, doors_open_at, zone, phase, nominate_by_on, answer_by_on, offer_hours,
            most_seats, previous_starts_at, admission_hours, admission_opened_at
        from honouring_event
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise HonouringEventUnknown
    return HonouringEvent(**row)


async def lock(transaction: Connection, honouring_event_id: UUID) -> HonouringEvent:
    """Return an honouring event that nobody else changes until the transaction ends.

    Raises:
        HonouringEventUnknown: there is none with this id.
    """
    await transaction.execute(
        "select from honouring_event where honouring_event_id = $1 for no key update",
        honouring_event_id,
    )
    return await get(transaction, honouring_event_id)


async def hold(transaction: Connection, honouring_event_id: UUID) -> HonouringEvent:
    """Return an honouring event whose phase stays as it is until the transaction ends.

    Many can hold it at once; whoever locks it waits for them.

    Raises:
        HonouringEventUnknown: there is none with this id.
    """
    await transaction.execute(
        "select from honouring_event where honouring_event_id = $1 for share", honouring_event_id
    )
    return await get(transaction, honouring_event_id)


async def listed(connection: Connection, since: date) -> list[ListedEvent]:
    """Return the honouring events on or after a day, the latest first."""
    rows = await connection.fetch(
        """
        select
            honouring_event_id, title, venue_name, starts_at, phase,
            (
                select count(*) from guest_proposal as proposal
                where
                    proposal.honouring_event_id = event.honouring_event_id
                    and proposal.state in ('proposed', 'selected', 'carried_over')
            ) as proposed,
            (
                select count(*) from invitation
                where
                    invitation.honouring_event_id = event.honouring_event_id
                    and invitation.state <> 'cancelled'
            ) as invited,
            (
                select coalesce(sum(seats + with_access_companion::integer), 0)::integer
                from invitation
                where
                    invitation.honouring_event_id = event.honouring_event_id
                    and invitation.state = 'accepted'
            ) as accepted_persons
        from honouring_event as event
        where starts_at >= $1
        order by starts_at desc, honouring_event_id
        """,
        since,
    )
    return [ListedEvent(**row) for row in rows]


async def change(
    transaction: Connection, honouring_event_id: UUID, programme: Programme, terms: Terms
) -> None:
    """Store another description and other terms as the next version."""
    await transaction.execute(
        """
        update honouring_event set
            version = version + 1, title = $2, programme = $3, venue_name = $4,
            venue_address = $5, nominate_by_on = $6, answer_by_on = $7, offer_hours = $8,
            most_seats = $9, admission_hours = $10
        where honouring_event_id = $1
        """,
        honouring_event_id,
        *msgspec.structs.astuple(programme),
        *msgspec.structs.astuple(terms),
    )


async def move(
    transaction: Connection, honouring_event_id: UUID, programme: Programme, schedule: Schedule
) -> None:
    """Store another time, and perhaps another hall, as the next version; keep the old time.

    Doors that were opened by hand for the old one rehearse again.
    """
    await transaction.execute(
        """
        update honouring_event set
            version = version + 1, previous_starts_at = starts_at, title = $2, programme = $3,
            venue_name = $4, venue_address = $5, starts_at = $6, ends_at = $7,
            doors_open_at = $8, zone = $9, admission_opened_at = null
        where honouring_event_id = $1
        """,
        honouring_event_id,
        *msgspec.structs.astuple(programme),
        *msgspec.structs.astuple(schedule),
    )


async def postpone_answers(
    transaction: Connection, honouring_event_id: UUID, answer_by_on: date, answer_by: datetime
) -> None:
    """Set the answer deadline of the event and of all waves that went out."""
    await transaction.execute(
        "update honouring_event set answer_by_on = $2 where honouring_event_id = $1",
        honouring_event_id,
        answer_by_on,
    )
    await transaction.execute(
        "update invitation_wave set answer_by = $2 where honouring_event_id = $1",
        honouring_event_id,
        answer_by,
    )


async def open_admission(transaction: Connection, honouring_event_id: UUID) -> None:
    """Note that the doors admit guests from now on; nobody outside is told."""
    await transaction.execute(
        "update honouring_event set admission_opened_at = now() where honouring_event_id = $1",
        honouring_event_id,
    )


async def close_admission(transaction: Connection, honouring_event_id: UUID) -> None:
    """Note that the doors are not opened by hand."""
    await transaction.execute(
        "update honouring_event set admission_opened_at = null where honouring_event_id = $1",
        honouring_event_id,
    )


async def enter(transaction: Connection, honouring_event_id: UUID, phase: Phase) -> int:
    """Enter a phase as the next version, and return that version."""
    version: int = await transaction.fetchval(
        """
        update honouring_event set
            version = version + 1,
            phase = $2,
            cancelled_at = case when $2 = 'cancelled' then now() end
        where honouring_event_id = $1
        returning version
        """,
        honouring_event_id,
        phase,
    )
    return version
