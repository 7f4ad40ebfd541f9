"""Many guests who answer at the same moment, on real connections."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.recognition.honouring.commands.answer_invitation import (
    AnswerInvitation,
    Take,
    answer_invitation,
)
from services.recognition.honouring.contention import patiently
from services.recognition.honouring.store import places
from shared.database import Connection, Pool, transaction
from tests.recognition.honouring.guests import guests, saying


class Tally(msgspec.Struct, frozen=True):
    """How an event stands after the rush."""

    seated: int
    """People who were told that they may come or who hold an offer."""
    taken: int
    """What the balance says."""
    waiting: int
    """People on the waiting list."""
    tickets: int


async def crowd(pool: Pool, count: int, seats: int) -> tuple[UUID, list[UUID]]:
    """An event with so many places, and so many invitations, made with one statement."""
    async with transaction(pool) as opened:
        event_id, (first,) = await guests(opened, 1, seats=seats)
        await opened.execute(
            """
            insert into invitation (
                honouring_event_id, invitation_wave_id, person_id, category, most_seats
            )
            select honouring_event_id, invitation_wave_id, gen_random_uuid(), category, most_seats
            from invitation, generate_series(2, $2)
            where invitation_id = $1
            """,
            first,
            count,
        )
        rows = await opened.fetch(
            "select invitation_id from invitation where honouring_event_id = $1 order by 1",
            event_id,
        )
        return event_id, [row[0] for row in rows]


async def answer(pool: Pool, command: AnswerInvitation, take: Take = places.take) -> str:
    """Answer as the edge does: with retries, each in a transaction of its own."""

    async def work(opened: Connection, *, in_line: bool) -> str:
        return await answer_invitation(opened, command, in_line=in_line, take=take)

    return await patiently(pool, work)


async def rush(
    pool: Pool, answers: Sequence[tuple[UUID, int]], take: Take = places.take
) -> list[str]:
    """Have all of them answer at once, each for so many seats."""
    return await asyncio.gather(
        *(answer(pool, saying(invitation_id, seats), take) for invitation_id, seats in answers)
    )


async def tally(pool: Pool, event_id: UUID) -> Tally:
    """Count one by one."""
    row = await pool.fetchrow(
        """
        select
            coalesce(sum(seats) filter (where state in ('accepted', 'offered')), 0)::integer,
            (select volunteer_taken from place_balance where honouring_event_id = $1),
            coalesce(sum(seats) filter (where state = 'waitlisted'), 0)::integer,
            (
                select count(*)::integer from ticket
                where honouring_event_id = $1 and cancelled_at is null
            )
        from invitation
        where honouring_event_id = $1
        """,
        event_id,
    )
    if row is None:
        raise LookupError(event_id)
    return Tally(*row)
