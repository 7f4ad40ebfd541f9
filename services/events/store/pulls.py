"""Reads and writes which calendars are fetched, and whose messages are to be read once more."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.ingest.model import Partner
from services.events.pulling.model import Pull
from shared.database import Connection


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is kept, with the items that came last in it."""

    partner_message_id: UUID
    stream_sequence: int
    message_id: str
    content_type: str
    body: bytes
    partner_keys: list[str]


async def save_pull(
    transaction: Connection, partner_id: UUID, url: str, every_minutes: int
) -> None:
    """Have a calendar fetched from now on; another address is fetched as if it were new."""
    await transaction.execute(
        """
        insert into partner_pull (partner_id, url, every_minutes) values ($1, $2, $3)
        on conflict (partner_id) do update set
            url = excluded.url, every_minutes = excluded.every_minutes, etag = '',
            last_modified = '', digest = '', next_at = now(), failures = 0
        """,
        partner_id,
        url,
        every_minutes,
    )


async def forget_pull(transaction: Connection, partner_id: UUID) -> None:
    """Fetch a partner's calendar no more."""
    await transaction.execute("delete from partner_pull where partner_id = $1", partner_id)


async def hasten_pull(transaction: Connection, partner_id: UUID) -> None:
    """Have a calendar fetched as soon as somebody looks."""
    await transaction.execute(
        "update partner_pull set next_at = now() where partner_id = $1", partner_id
    )


async def find_pull(connection: Connection, partner_id: UUID) -> Pull | None:
    """Return what is fetched for a partner, None if nothing is."""
    row = await connection.fetchrow(
        """
        select partner_id, url, every_minutes, etag, last_modified, digest, next_at, pulled_at,
            outcome, failures
        from partner_pull
        where partner_id = $1
        """,
        partner_id,
    )
    return Pull(**row) if row else None


async def claim_pull(transaction: Connection, now: datetime, until: datetime) -> Pull | None:
    """Return the pull that is due for longest, None if none is; nobody else gets it until then.

    A suspended partner's calendar is not fetched.
    """
    row = await transaction.fetchrow(
        """
        update partner_pull set next_at = $2
        where partner_id = (
            select partner_id from partner_pull
            join partner using (partner_id)
            where next_at <= $1 and suspended_at is null
            order by next_at
            limit 1
            for update of partner_pull skip locked
        )
        returning partner_id, url, every_minutes, etag, last_modified, digest, next_at, pulled_at,
            outcome, failures
        """,
        now,
        until,
    )
    return Pull(**row) if row else None


async def save_result(transaction: Connection, pull: Pull) -> None:
    """Write how a fetch has ended, unless the address was changed meanwhile."""
    await transaction.execute(
        """
        update partner_pull
        set etag = $3, last_modified = $4, digest = $5, next_at = $6, pulled_at = $7, outcome = $8,
            failures = $9
        where partner_id = $1 and url = $2
        """,
        pull.partner_id,
        pull.url,
        pull.etag,
        pull.last_modified,
        pull.digest,
        pull.next_at,
        pull.pulled_at,
        pull.outcome,
        pull.failures,
    )


async def partner_of(connection: Connection, partner_id: UUID) -> Partner | None:
    """Return the partner with this id, None if it has gone."""
    row = await connection.fetchrow(
        "select partner_id, name, title, account_key, trust from partner where partner_id = $1",
        partner_id,
    )
    return Partner(*row) if row else None


async def ask_replay(transaction: Connection, partner_id: UUID) -> int:
    """Have a partner's messages read once more and return how many."""
    await transaction.execute(
        "update partner set replay_asked_at = now() where partner_id = $1", partner_id
    )
    count: int = await transaction.fetchval(
        "select count(distinct partner_message_id) from partner_item where partner_id = $1",
        partner_id,
    )
    return count


async def claim_replay(transaction: Connection) -> Partner | None:
    """Return a partner whose messages are to be read once more, None if there is none."""
    row = await transaction.fetchrow(
        """
        select partner_id, name, title, account_key, trust from partner
        where replay_asked_at is not null
        order by replay_asked_at
        limit 1
        for update skip locked
        """
    )
    return Partner(*row) if row else None


async def end_replay(transaction: Connection, partner_id: UUID) -> None:
    """Note that a partner's messages were read once more."""
    await transaction.execute(
        "update partner set replay_asked_at = null where partner_id = $1", partner_id
    )


async def stored_messages(
    connection: Connection, partner_id: UUID, after: UUID, most: int
) -> list[Stored]:
    """Return the messages in which a partner's items came last, in the order of their arrival.

    Left out are items that were refused for their envelope, which is not kept.
    """
    rows = await connection.fetch(
        """
        select partner_message_id, stream_sequence, message_id, content_type, body,
            array_agg(partner_key) as partner_keys
        from partner_message
        join partner_item using (partner_message_id)
        where partner_item.partner_id = $1 and partner_message_id > $2
        and partner_item.reason not in (
            'envelope_missing', 'specversion_unknown', 'source_mismatch'
        )
        group by partner_message_id
        order by partner_message_id
        limit $3
        """,
        partner_id,
        after,
        most,
    )
    return [Stored(**row) for row in rows]
