"""Counts how fast an invitation is answered, for all processes of the api together."""

from typing import Final
from uuid import UUID

from shared.database import Connection

MOST: Final = 10
"""Answers to one invitation within a minute, through all its links and codes together."""

KEPT_HOURS: Final = 1
"""How long it is remembered when an invitation was answered last."""


async def note(connection: Connection, invitation_id: UUID) -> bool:
    """Count one try to answer; False, and not counted, if `MOST` came within the last minute.

    It commits by itself, so that what is refused afterwards counts too.
    """
    return bool(
        await connection.fetchval(
            """
            insert into answer_pace (invitation_id, tried_at) values ($1, array[now()])
            on conflict (invitation_id) do update set tried_at = case
                when cardinality(answer_pace.tried_at) < $2
                    then answer_pace.tried_at || excluded.tried_at
                else answer_pace.tried_at[2:] || excluded.tried_at
            end
            where
                cardinality(answer_pace.tried_at) < $2
                or answer_pace.tried_at[1] <= now() - interval '1 minute'
            returning true
            """,
            invitation_id,
            MOST,
        )
    )


async def pause_seconds(connection: Connection, invitation_id: UUID) -> int:
    """Return after how many seconds an invitation may be answered again, at least 1."""
    seconds: int | None = await connection.fetchval(
        """
        select ceil(extract(epoch from tried_at[1] + interval '1 minute' - now()))::integer
        from answer_pace
        where invitation_id = $1
        """,
        invitation_id,
    )
    return max(1, seconds or 1)


async def forget(transaction: Connection, most: int) -> int:
    """Delete the counts of up to `most` invitations that nobody answers now; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from answer_pace where invitation_id in (
            select invitation_id from answer_pace
            where tried_at[cardinality(tried_at)] < now() - make_interval(hours => $2)
            limit $1
            for update skip locked
        )
        """,
        most,
        KEPT_HOURS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
