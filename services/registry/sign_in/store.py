"""Keeps attempts to sign in and the sessions that come of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.registry.sign_in.model import Attempt, Session
from shared.database import Connection


async def begin_attempt(
    transaction: Connection,
    hashes: tuple[bytes, bytes],
    attempt: Attempt,
    expires_at: datetime,
) -> None:
    """Keep an attempt under the hashes of its state and of its browser's secret."""
    await transaction.execute(
        """
        insert into sign_in_attempt (
            state_hash, browser_hash, nonce, verifier, return_path, expires_at
        )
        values ($1, $2, $3, $4, $5, $6)
        """,
        *hashes,
        attempt.nonce,
        attempt.verifier,
        attempt.return_path,
        expires_at,
    )


async def find_attempt_once(transaction: Connection, hashes: tuple[bytes, bytes]) -> Attempt | None:
    """Return the attempt of this state and browser, and forget it: it answers only once."""
    row = await transaction.fetchrow(
        """
        delete from sign_in_attempt
        where state_hash = $1 and browser_hash = $2 and expires_at > now()
        returning nonce, verifier, return_path
        """,
        *hashes,
    )
    return Attempt(*row) if row else None


async def open_session(
    transaction: Connection,
    key: UUID,
    who: tuple[str, str],
    roles: Sequence[str],
    browser: str,
) -> Session:
    """Keep a new session of a subject and name under its key."""
    row = await transaction.fetchrow(
        """
        insert into staff_session (session_key, subject, name, roles, browser)
        values ($1, $2, $3, $4, $5)
        returning
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        """,
        key,
        *who,
        roles,
        browser,
    )
    assert row is not None  # noqa: S101 - an insert that returns nothing has raised
    return Session(*row)


async def touch_sessions(
    transaction: Connection, keys: Sequence[UUID], idle_since: datetime, started_since: datetime
) -> list[Session]:
    """Mark the live sessions with these keys as seen now, and return them."""
    rows = await transaction.fetch(
        """
        update staff_session
        set last_seen_at = now()
        where
            session_key = any($1)
            and ended_at is null
            and last_seen_at > $2
            and started_at > $3
        returning
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        """,
        keys,
        idle_since,
        started_since,
    )
    return [Session(*row) for row in rows]


async def find_session_by_key(connection: Connection, key: UUID) -> Session | None:
    """Return the session that a browser's secret stands for, alive or not."""
    row = await connection.fetchrow(
        """
        select
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        from staff_session
        where session_key = $1
        """,
        key,
    )
    return Session(*row) if row else None


async def end_session(transaction: Connection, session_id: UUID) -> Session | None:
    """End a session and return it; None if it has ended before or never was."""
    row = await transaction.fetchrow(
        """
        update staff_session
        set ended_at = greatest(now(), started_at), version = version + 1
        where session_id = $1 and ended_at is null
        returning
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        """,
        session_id,
    )
    return Session(*row) if row else None


async def find_session(connection: Connection, session_id: UUID) -> Session | None:
    """Return a session, alive or not."""
    row = await connection.fetchrow(
        """
        select
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        from staff_session
        where session_id = $1
        """,
        session_id,
    )
    return Session(*row) if row else None


async def sessions(
    connection: Connection, subject: str | None, idle_since: datetime, started_since: datetime
) -> list[Session]:
    """Return the live sessions of a subject, or of everybody for None; latest seen first."""
    rows = await connection.fetch(
        """
        select
            session_id, version, subject, name, roles, browser, started_at, last_seen_at, ended_at
        from staff_session
        where
            ($1::text is null or subject = $1)
            and ended_at is null
            and last_seen_at > $2
            and started_at > $3
        order by last_seen_at desc, session_id
        """,
        subject,
        idle_since,
        started_since,
    )
    return [Session(*row) for row in rows]


async def forget_attempts(transaction: Connection) -> int:
    """Delete the attempts whose time is over; return how many."""
    gone = await transaction.fetch(
        "delete from sign_in_attempt where expires_at < now() returning state_hash"
    )
    return len(gone)


async def forget_sessions(transaction: Connection, started_before: datetime) -> int:
    """Delete the sessions that began before then; return how many."""
    gone = await transaction.fetch(
        "delete from staff_session where started_at < $1 returning session_id", started_before
    )
    return len(gone)
