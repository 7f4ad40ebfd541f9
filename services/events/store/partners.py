"""Reads and writes the partners that events take items from."""

from uuid import UUID

from services.events.ingest.model import Partner
from shared.database import Connection


async def save_partner(transaction: Connection, name: str, title: str, account_key: str) -> Partner:
    """Write a partner by its name; a partner that is known gets title and key anew."""
    row = await transaction.fetchrow(
        """
        insert into partner (name, title, account_key) values ($1, $2, $3)
        on conflict (name) do update set
            title = excluded.title, account_key = excluded.account_key
        returning partner_id, name, title, account_key, trust
        """,
        name,
        title,
        account_key,
    )
    if row is None:
        raise LookupError("an upsert returns its row")
    return Partner(*row)


async def partners(connection: Connection) -> list[Partner]:
    """Return all partners by name."""
    rows = await connection.fetch(
        "select partner_id, name, title, account_key, trust from partner order by name"
    )
    return [Partner(*row) for row in rows]


async def find_partner(connection: Connection, name: str) -> Partner | None:
    """Return the partner of this name, None if there is none."""
    row = await connection.fetchrow(
        "select partner_id, name, title, account_key, trust from partner where name = $1", name
    )
    return Partner(*row) if row else None


async def save_trust(transaction: Connection, partner_id: UUID, trust: str) -> None:
    """Write whether a partner's items stand in the calendar at once or wait for an editor."""
    await transaction.execute(
        "update partner set trust = $2 where partner_id = $1", partner_id, trust
    )


async def note_suspended(transaction: Connection, name: str, *, is_suspended: bool) -> None:
    """Write since when a partner is shut out, or that it is not."""
    await transaction.execute(
        "update partner set suspended_at = case when $2 then now() end where name = $1",
        name,
        is_suspended,
    )


async def lock_partner(transaction: Connection, name: str) -> Partner | None:
    """Return the partner and keep others from changing it, None if there is none."""
    row = await transaction.fetchrow(
        """
        select partner_id, name, title, account_key, trust from partner where name = $1
        for update
        """,
        name,
    )
    return Partner(*row) if row else None


async def hold_partner(transaction: Connection, partner_id: UUID) -> bool:
    """Keep the partner from going until the transaction ends; tell whether it is still there."""
    found = await transaction.fetchval(
        "select true from partner where partner_id = $1 for key share", partner_id
    )
    return found is not None


async def forget_partner(transaction: Connection, partner_id: UUID) -> None:
    """Delete a partner with its items, messages and receipts; its events stay as they are."""
    await transaction.execute("delete from partner where partner_id = $1", partner_id)
