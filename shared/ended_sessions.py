"""Keeps which staff sessions have ended before their last token has, in each service by itself."""

import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from shared.contracts.registry import StaffSessionEnded
from shared.database import Connection, Pool

FRESH_SECONDS: Final = 5.0
"""How long a process may rely on what it last read."""


async def keep_ended_sessions(transaction: Connection, facts: Sequence[StaffSessionEnded]) -> None:
    """Remember these sessions until their last token has run out, and forget older ones."""
    await transaction.execute(
        """
        insert into ended_session (session_id, forget_after)
        select * from unnest($1::uuid[], $2::timestamptz[])
        on conflict (session_id) do nothing
        """,
        [fact.session_id for fact in facts],
        [fact.forget_after for fact in facts],
    )
    await transaction.execute("delete from ended_session where forget_after < now()")


class EndedSessions:
    """What a process knows of the ended sessions; read again when it is five seconds old."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: frozenset[UUID] = frozenset()
        self._read_at = -FRESH_SECONDS

    async def holds(self, session_id: UUID) -> bool:
        """Whether the session has ended although a token of it may still be valid."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            rows = await self._pool.fetch(
                "select session_id from ended_session where forget_after > now()"
            )
            self._known = frozenset(row["session_id"] for row in rows)
            self._read_at = time.monotonic()
        return session_id in self._known
