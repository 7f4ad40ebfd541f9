"""Reads what was said in a transaction."""

from typing import Any

import msgspec

from shared.database import Connection


async def said(transaction: Connection) -> list[tuple[str, dict[str, Any]]]:
    """Return the name and body of each fact of the transaction, in their order."""
    rows = await transaction.fetch(
        """
        select subject, body from outbox
        where published_at is null order by position
        """
    )
    return [(row["subject"].split(".")[2], msgspec.json.decode(row["body"])) for row in rows]


async def names(transaction: Connection) -> list[str]:
    """Return the names of the facts."""
    return [name for name, _ in await said(transaction)]
