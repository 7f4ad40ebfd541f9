"""Take back an admission that was a mistake, with a reason."""

from uuid import UUID

import msgspec

from services.recognition.honouring.store import doors, tickets
from shared import audit
from shared.database import Connection
from shared.errors import Malformed, NotFound, Refused

LONGEST_REASON = 200


class TicketUnknown(NotFound):
    """There is no such ticket at this event."""

    def __init__(self) -> None:
        super().__init__("Diese Karte gibt es für diese Veranstaltung nicht.")


class NotInside(Refused):
    """Nobody has entered with the ticket."""

    def __init__(self) -> None:
        super().__init__("Mit dieser Karte ist niemand eingelassen.")


class ReasonMissing(Malformed):
    """An admission is not taken back without saying why."""

    def __init__(self) -> None:
        super().__init__("Bitte geben Sie einen Grund an (höchstens 200 Zeichen).", "reason")


class UndoCheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """Whose admission, why, and who says so."""

    honouring_event_id: UUID
    ticket_id: UUID
    reason: str
    undone_by: str
    """Name of the member of staff."""
    actor: str
    """Subject of the staff token."""


async def undo_check_in(transaction: Connection, command: UndoCheckIn) -> None:
    """Let the ticket be admitted again; the scan and the reason stay on record.

    Raises:
        TicketUnknown, NotInside: nothing to take back.
        ReasonMissing: no reason, or a very long one.
    """
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing
    ticket = await tickets.lock(transaction, command.ticket_id)
    if ticket is None or ticket.honouring_event_id != command.honouring_event_id:
        raise TicketUnknown
    first = await doors.first_entry(transaction, ticket.ticket_id)
    if first is None:
        raise NotInside
    await doors.undo(transaction, first.scan_id, command.undone_by, reason)
    await tickets.advance(transaction, ticket.ticket_id)
    await audit.note(
        transaction,
        actor=command.actor,
        action="undo_check_in",
        concerns=f"ticket:{ticket.ticket_id}",
    )
