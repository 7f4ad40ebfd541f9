"""Make an invitation's tickets fit who comes on it: one valid ticket for each person."""

import msgspec

from services.recognition.honouring import announcements
from services.recognition.honouring.model import Invitation, Party
from services.recognition.honouring.store import tickets
from services.recognition.honouring.tickets import holders_of, reissue
from shared.contracts.fact import Fact
from shared.database import Connection


class IssueTickets(msgspec.Struct, frozen=True, kw_only=True):
    """For whom."""

    invitation: Invitation
    """As it was before its answer changed; its row is locked."""
    guest_name: str
    party: Party
    """Who comes now; nobody cancels all tickets."""


async def issue_tickets(transaction: Connection, command: IssueTickets) -> list[Fact]:
    """Cancel what does not fit any more, issue what is missing, keep the rest.

    Returns:
        What the caller has to record, together with its own facts.
    """
    invitation = command.invitation
    had = invitation.state == "accepted"
    valid = await tickets.valid(transaction, invitation.invitation_id) if had else []
    needed = reissue(valid, holders_of(command.party, command.guest_name))
    facts: list[Fact] = []
    if needed.cancelled:
        gone = await tickets.cancel(transaction, [one.ticket_id for one in needed.cancelled])
        facts += announcements.cancelled(gone)
    if needed.holders:
        place = (invitation.invitation_id, invitation.honouring_event_id)
        facts += announcements.issued(
            *place, await tickets.issue(transaction, *place, needed.holders)
        )
    return facts
