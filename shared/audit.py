"""Keeps who did what in a chain of hashes, so that a change of the past is found."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from shared.database import Connection

GENESIS = bytes(32)
READ_AT_ONCE = 500
"""How many entries are in memory while the chain is checked; it grows for years."""


class AuditEntry(msgspec.Struct, frozen=True):
    """One deed of a member of staff, chained to the one before it."""

    position: int
    happened_at: datetime
    actor: str
    action: str
    concerns: str
    details: dict[str, Any]
    previous_hash: bytes
    hash: bytes


async def note(
    transaction: Connection,
    *,
    actor: str,
    action: str,
    concerns: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down in the caller's transaction what a member of staff does.

    Args:
        transaction: where the deed itself is written; both are kept or neither.
        actor: the subject of the staff token, an opaque id.
        action: the command's name, such as `send_wave`.
        concerns: the kind and id of what it was done to, such as `invitation_wave:0199…`.
        details: codes and figures; never names, addresses or other personal data.
    """
    await transaction.execute(
        "select pg_advisory_xact_lock(hashtext('audit'), hashtext(current_schema))"
    )
    previous = await transaction.fetchval(
        "select hash from audit_entry order by position desc limit 1"
    )
    happened_at = await transaction.fetchval("select clock_timestamp()")
    deed = (actor, action, concerns, dict(details or {}))
    await transaction.execute(
        """
        insert into audit_entry (
            happened_at, actor, action, concerns, details, previous_hash, hash
        )
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        happened_at,
        *deed,
        previous or GENESIS,
        chained(previous or GENESIS, happened_at, deed),
    )


def chained(
    previous: bytes, happened_at: datetime, deed: tuple[str, str, str, Mapping[str, Any]]
) -> bytes:
    """Return the hash of an entry: SHA-256 over the hash before it and its own fields."""
    fields = msgspec.json.encode((happened_at.timestamp(), *deed), order="deterministic")
    return hashlib.sha256(previous + fields).digest()


async def first_broken(connection: Connection) -> int | None:
    """Return the position of the first entry that does not fit the chain; None if all do.

    A tail that was cut off is only found by comparing `head` with a copy kept elsewhere.
    """
    previous = GENESIS
    async with connection.transaction():
        rows = connection.cursor(
            """
            select position, happened_at, actor, action, concerns, details, previous_hash, hash
            from audit_entry
            order by position
            """,
            prefetch=READ_AT_ONCE,
        )
        async for row in rows:
            entry = AuditEntry(*row)
            deed = (entry.actor, entry.action, entry.concerns, entry.details)
            if entry.previous_hash != previous:
                return entry.position
            if entry.hash != chained(previous, entry.happened_at, deed):
                return entry.position
            previous = entry.hash
    return None


async def head(connection: Connection) -> bytes:
    """Return the hash of the newest entry, to be kept outside the database."""
    newest = await connection.fetchval(
        "select hash from audit_entry order by position desc limit 1"
    )
    return newest or GENESIS
