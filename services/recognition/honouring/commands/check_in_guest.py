"""Admit whoever shows a ticket at a door, exactly once (Einlass)."""

from typing import Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.codes import as_printed
from services.recognition.honouring.doors import (
    Admission,
    Entry,
    Verdict,
    admission_of,
    rehearsed,
)
from services.recognition.honouring.model import HonouringEvent, Ticket
from services.recognition.honouring.store import doors, events, tickets
from services.recognition.honouring.store.doors import Scan
from services.recognition.honouring.tickets import (
    SHORT_CODE_SIZE,
    TicketForged,
    TicketKeys,
    TicketUnreadable,
    read_ticket,
)
from shared import outbox
from shared.contracts.recognition import GuestCheckedIn
from shared.database import Connection
from shared.errors import Refused


class ScanReused(Refused):
    """The scan's id belongs to a scan of another ticket."""

    def __init__(self) -> None:
        super().__init__("Diese Scan-Nummer wurde schon für eine andere Karte verwendet.")


class CheckInGuest(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown where."""

    scan: Scan
    shown: str
    """The text of the QR code, or the short code as it was typed."""


async def check_in_guest(
    transaction: Connection, command: CheckInGuest, keys: TicketKeys
) -> Admission:
    """Admit the ticket that was shown, or say why not; every scan is kept.

    The same scan again gives the same answer. Of many scans of one ticket exactly one admits.
    Before the doors are open it is a rehearsal: the answer is the same, and nothing is kept.

    Raises:
        HonouringEventUnknown: there is no such event.
        ScanReused: the scan's id was used for another ticket.
    """
    scan = command.scan
    event = await events.get(transaction, scan.honouring_event_id)
    if event.phase == "cancelled":
        return admission_of(scan.scan_id, "event_cancelled", event.zone)
    counts = event.is_admitting(await events.clock(transaction))
    found = await _find(transaction, event, command.shown, keys)
    ticket = await tickets.lock(transaction, found) if isinstance(found, UUID) else None
    if ticket is None:
        verdict: Verdict = "unknown" if isinstance(found, UUID) else found
        if counts:
            await doors.record_refused(transaction, scan, verdict)
        admission = admission_of(scan.scan_id, verdict, event.zone)
    else:
        verdict, first = await _judge(transaction, scan, ticket, counts=counts)
        admission = admission_of(scan.scan_id, verdict, event.zone, ticket, first)
    return admission if counts else rehearsed(admission, event.counts_from, event.zone)


async def _find(
    connection: Connection, event: HonouringEvent, shown: str, keys: TicketKeys
) -> UUID | Verdict:
    code = as_printed(shown, SHORT_CODE_SIZE)
    if code is not None:
        return await _find_by_code(connection, event.honouring_event_id, code)
    try:
        claim = read_ticket(shown, keys)
    except TicketUnreadable:
        return "unreadable"
    except TicketForged:
        return "forged"
    if claim.honouring_event_id != event.honouring_event_id:
        return "other_event"
    return claim.ticket_id


async def _find_by_code(
    connection: Connection, honouring_event_id: UUID, code: str
) -> UUID | Verdict:
    found = await tickets.find_by_code(connection, honouring_event_id, code)
    if found is not None:
        return found
    elsewhere = await tickets.is_of_another_event(connection, honouring_event_id, code)
    return "other_event" if elsewhere else "unknown"


async def _judge(
    transaction: Connection, scan: Scan, ticket: Ticket, *, counts: bool
) -> tuple[Verdict, Entry | None]:
    """Decide on a locked ticket and store the scan if it counts, unless it was stored before."""
    first = await doors.first_entry(transaction, ticket.ticket_id)
    before = await doors.find_scan(transaction, scan.scan_id)
    if before is not None:
        if before.ticket_id != ticket.ticket_id:
            raise ScanReused
        return "already_in" if before.result == "conflict" else before.result, first
    result: Literal["ticket_cancelled", "already_in", "admitted"] = "admitted"
    if ticket.cancelled_at is not None:
        result = "ticket_cancelled"
    elif first is not None:
        result = "already_in"
    if not counts:
        return result, first
    entry = await doors.record(transaction, scan, ticket.ticket_id, result)
    if result != "admitted":
        return result, first
    fact = GuestCheckedIn(
        ticket_id=ticket.ticket_id,
        version=await tickets.advance(transaction, ticket.ticket_id),
        honouring_event_id=ticket.honouring_event_id,
        entered_at=entry.entered_at,
        door=entry.door,
    )
    await outbox.record(transaction, fact)
    return result, entry
