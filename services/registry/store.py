"""Keeps what is the same for records of every kind: their changes, our own numbers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.registry.comparison import Changes
from services.registry.model import ChangeEntry
from shared.database import Connection


class Changed(msgspec.Struct, frozen=True):
    """A record that has just got a new version."""

    record_id: UUID
    version: int
    changes: Changes


async def keep_changes(
    transaction: Connection, changed: Sequence[Changed], made_by: str, import_id: UUID | None = None
) -> None:
    """Enter what has changed in some records, for their pages."""
    await transaction.execute(
        """
        insert into change_entry (record_id, version, changes, made_by, import_id)
        select record_id, version, changes, $4, $5
        from unnest($1::uuid[], $2::integer[], $3::jsonb[]) as entry (record_id, version, changes)
        """,
        [each.record_id for each in changed],
        [each.version for each in changed],
        [each.changes for each in changed],
        made_by,
        import_id,
    )


async def changes_of(connection: Connection, record_id: UUID) -> list[ChangeEntry]:
    """Return what has changed in a record, newest first."""
    rows: Any = await connection.fetch(
        """
        select version, happened_at, made_by, import_id, changes
        from change_entry
        where record_id = $1
        order by version desc
        """,
        record_id,
    )
    return [ChangeEntry(*row) for row in rows]


async def own_number(transaction: Connection) -> str:
    """Return a fresh source number for a record that no source knows, such as `EHR-17`."""
    return str(await transaction.fetchval("select 'EHR-' || nextval('own_number')"))
