"""Puts what has happened to an invitation and its tickets into facts for the other services."""

from collections.abc import Sequence
from uuid import UUID

from services.recognition.honouring.answers import Outcome, Situation
from services.recognition.honouring.model import Ticket
from shared.contracts.fact import Fact
from shared.contracts.recognition import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationWaitlisted,
    PlaceReleased,
    TicketCancelled,
    TicketIssued,
)


def answered(situation: Situation, outcome: Outcome, version: int) -> list[Fact]:
    """Return what an answer has done: the answer itself, then the places that it set free."""
    about = situation.invitation.invitation_id
    event = situation.event.honouring_event_id
    persons = outcome.answer.party.persons
    told: dict[str, Fact] = {
        "accepted": InvitationAccepted(
            invitation_id=about, version=version, honouring_event_id=event, seats=persons
        ),
        "declined": InvitationDeclined(
            invitation_id=about, version=version, honouring_event_id=event
        ),
        "waitlisted": InvitationWaitlisted(
            invitation_id=about, version=version, honouring_event_id=event, seats=persons
        ),
    }
    facts = [told[outcome.state]]
    freed = -(outcome.change.volunteer + outcome.change.protocol)
    if freed > 0:
        facts.append(
            PlaceReleased(
                invitation_id=about, version=version, honouring_event_id=event, seats=freed
            )
        )
    return facts


def issued(invitation_id: UUID, honouring_event_id: UUID, ticket_ids: Sequence[UUID]) -> list[Fact]:
    """Return that new tickets were issued."""
    return [
        TicketIssued(
            ticket_id=ticket_id,
            version=1,
            invitation_id=invitation_id,
            honouring_event_id=honouring_event_id,
        )
        for ticket_id in ticket_ids
    ]


def cancelled(tickets: Sequence[Ticket]) -> list[Fact]:
    """Return that tickets, as they are after it, were cancelled."""
    return [
        TicketCancelled(
            ticket_id=ticket.ticket_id,
            version=ticket.version,
            invitation_id=ticket.invitation_id,
            honouring_event_id=ticket.honouring_event_id,
        )
        for ticket in tickets
    ]
