"""Answers in the name of guests, as the pages and clerks do."""

from typing import Any
from uuid import UUID

from services.recognition.honouring.answers import AccessNeed, Answer, Situation
from services.recognition.honouring.commands.answer_invitation import (
    AnswerInvitation,
    answer_invitation,
)
from services.recognition.honouring.contention import MustStandInLine
from services.recognition.honouring.model import AnsweredVia, Party, Places
from services.recognition.honouring.store import answers, places
from services.recognition.honouring.store.answers import Said
from shared.database import Connection
from tests.recognition.honouring import builders as a


async def guests(
    transaction: Connection, count: int, *, seats: int = 10, **hall: int
) -> tuple[UUID, list[UUID]]:
    """An event with so many places for volunteers, and its invitations in their order."""
    capacities = a.capacities(volunteer=seats, protocol=0, **hall)
    event_id, _ = await a.invited(transaction, count, places=capacities)
    rows = await transaction.fetch(
        "select invitation_id from invitation where honouring_event_id = $1 order by 1", event_id
    )
    return event_id, [row[0] for row in rows]


def saying(
    invitation_id: UUID,
    seats: int,
    *,
    via: AnsweredVia = "link",
    request_key: str | None = None,
    access_needs: tuple[AccessNeed, ...] = (),
    **party: Any,
) -> AnswerInvitation:
    """An answer for so many seats; 0 declines."""
    return AnswerInvitation(
        invitation_id=invitation_id,
        answer=Answer(party=Party(seats=seats, **party), access_needs=access_needs),
        said=Said(via=via, by="guest", request_key=request_key),
    )


async def says(transaction: Connection, invitation_id: UUID, seats: int, **how: Any) -> str:
    """Answer in the test's own transaction, first in hope and then in line, as the edge does."""
    command = saying(invitation_id, seats, **how)
    try:
        async with transaction.transaction():
            return await answer_invitation(transaction, command)
    except MustStandInLine:
        async with transaction.transaction():
            return await answer_invitation(transaction, command, in_line=True)


async def read(connection: Connection, invitation_id: UUID) -> Situation:
    """How an invitation stands."""
    return await answers.situation(connection, invitation_id)


async def states(connection: Connection, event_id: UUID) -> list[str]:
    """The states of an event's invitations, in the invitations' order."""
    rows = await connection.fetch(
        "select state from invitation where honouring_event_id = $1 order by invitation_id",
        event_id,
    )
    return [row[0] for row in rows]


async def taken(connection: Connection, event_id: UUID) -> Places:
    """What the balance says is taken."""
    return (await places.balance(connection, event_id)).taken


async def held(connection: Connection, event_id: UUID) -> Places:
    """What the invitations hold, counted one by one: must be what the balance says."""
    rows = await connection.fetch(
        "select invitation_id from invitation where honouring_event_id = $1", event_id
    )
    each = [(await read(connection, row[0])).invitation.holds for row in rows]
    return Places(
        volunteer=sum(one.volunteer for one in each),
        protocol=sum(one.protocol for one in each),
        standard=sum(one.standard for one in each),
        wheelchair=sum(one.wheelchair for one in each),
        companion=sum(one.companion for one in each),
    )


async def past_deadline(transaction: Connection, event_id: UUID) -> None:
    """Move the deadline of all waves into the past."""
    await transaction.execute(
        """
        update invitation_wave set answer_by = now() - interval '1 hour'
        where honouring_event_id = $1
        """,
        event_id,
    )


async def offers_end(transaction: Connection, event_id: UUID) -> None:
    """Move the end of all offers into the past."""
    await transaction.execute(
        """
        update invitation set offered_until = now() - interval '1 hour'
        where honouring_event_id = $1 and state = 'offered'
        """,
        event_id,
    )
