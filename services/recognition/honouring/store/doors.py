"""Keeps what happened at the doors: every scan, who was admitted, what was undone."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.doors import Entry, Verdict
from services.recognition.honouring.model import CheckInResult
from shared.database import Connection


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan or typed code at one door."""

    scan_id: UUID
    honouring_event_id: UUID
    door: str
    device: str
    checked_by: str
    """Subject of the member of staff."""


class RecordedScan(msgspec.Struct, frozen=True):
    """A scan that came in before."""

    ticket_id: UUID
    honouring_event_id: UUID
    result: CheckInResult


class Attendance(msgspec.Struct, frozen=True):
    """How full the hall is."""

    inside: int
    expected: int
    """Valid tickets, including those inside."""


async def find_scan(connection: Connection, scan_id: UUID) -> RecordedScan | None:
    """Return what came of a scan of a ticket, if it has come in before."""
    row = await connection.fetchrow(
        "select ticket_id, honouring_event_id, result from check_in where scan_id = $1", scan_id
    )
    return RecordedScan(*row) if row else None


async def first_entry(connection: Connection, ticket_id: UUID) -> Entry | None:
    """Return when and where a ticket was admitted; None if it was not, or it was undone."""
    row = await connection.fetchrow(
        """
        select scan_id, entered_at, door from check_in
        where ticket_id = $1 and result = 'admitted' and undone_at is null
        """,
        ticket_id,
    )
    return Entry(*row) if row else None


async def record(
    transaction: Connection, scan: Scan, ticket_id: UUID, result: CheckInResult
) -> Entry:
    """Store a scan of a locked ticket."""
    row = await transaction.fetchrow(
        """
        insert into check_in (
            scan_id, ticket_id, honouring_event_id, door, device, entered_at, result, checked_by
        )
        values ($1, $2, $3, $4, $5, now(), $6, $7)
        returning scan_id, entered_at, door
        """,
        scan.scan_id,
        ticket_id,
        scan.honouring_event_id,
        scan.door,
        scan.device,
        result,
        scan.checked_by,
    )
    if row is None:
        raise LookupError(scan.scan_id)
    return Entry(*row)


async def record_refused(transaction: Connection, scan: Scan, reason: Verdict) -> None:
    """Store that something was scanned which is no ticket of this event; again changes nothing."""
    await transaction.execute(
        """
        insert into refused_scan (
            scan_id, honouring_event_id, door, device, reason, checked_by
        )
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing
        """,
        scan.scan_id,
        scan.honouring_event_id,
        scan.door,
        scan.device,
        reason,
        scan.checked_by,
    )


async def undo(transaction: Connection, scan_id: UUID, undone_by: str, undone_because: str) -> None:
    """Take back an admission, so that the ticket may be admitted again."""
    await transaction.execute(
        """
        update check_in set undone_at = now(), undone_by = $2, undone_because = $3
        where scan_id = $1 and result = 'admitted' and undone_at is null
        """,
        scan_id,
        undone_by,
        undone_because,
    )


async def attendance(connection: Connection, honouring_event_id: UUID) -> Attendance:
    """Return how many are inside and how many are expected."""
    row = await connection.fetchrow(
        """
        select
            (
                select count(*) from check_in
                where honouring_event_id = $1 and result = 'admitted' and undone_at is null
            ) as inside,
            (
                select count(*) from ticket
                where honouring_event_id = $1 and cancelled_at is null
            ) as expected
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError(honouring_event_id)
    return Attendance(*row)


class DoorEvent(msgspec.Struct, frozen=True):
    """An honouring event that doors can be opened for."""

    honouring_event_id: UUID
    title: str
    venue_name: str
    starts_at: datetime
    """What the hall's clock shows."""
    is_cancelled: bool


async def events_at_doors(connection: Connection) -> list[DoorEvent]:
    """Return the events to which guests are invited, the next one first; none long over."""
    rows = await connection.fetch(
        """
        select
            honouring_event_id, title, venue_name, starts_at, phase = 'cancelled' as is_cancelled
        from honouring_event
        where
            phase in ('inviting', 'held', 'cancelled')
            and ends_at at time zone zone > now() - interval '2 days'
        order by starts_at, honouring_event_id
        """
    )
    return [DoorEvent(*row) for row in rows]
