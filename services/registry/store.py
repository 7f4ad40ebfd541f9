"""Keeps what is the same for records of every kind: their changes, our own numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.registry.comparison import Change
from services.registry.model import ChangedMeanwhile, ChangeEntry
from shared.database import Connection

CHANGES_KEPT_DAYS: Final = 730
"""How long it can be seen what a record said before: two rounds of yearly lists."""


async def keep_changes(
    transaction: Connection,
    changed: Mapping[UUID, Change[Any]],
    made_by: str,
    import_id: UUID | None = None,
) -> None:
    """Enter what has changed in some records, for their pages.

    Args:
        transaction: the caller's.
        changed: by the record's id; each has a new version.
        made_by: whose doing it is.
        import_id: the import that did it; None: by hand.
    """
    await transaction.execute(
        """
        insert into change_entry (record_id, version, changes, made_by, import_id)
        select record_id, version, changes, $4, $5
        from unnest($1::uuid[], $2::integer[], $3::jsonb[]) as entry (record_id, version, changes)
        """,
        list(changed),
        [each.after.version for each in changed.values()],
        [each.changes for each in changed.values()],
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


async def forget_changes(transaction: Connection, most: int) -> int:
    """Delete up to `most` changes that were made too long ago; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from change_entry where change_id in (
            select change_id from change_entry
            where happened_at < now() - make_interval(days => $2)
            limit $1
            for update skip locked
        )
        """,
        most,
        CHANGES_KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def plan_each_time(transaction: Connection) -> None:
    """Have each statement of the transaction planned for its own values and for today's tables.

    A plan that is kept for all values ignores the indexes of lists: 230 ms instead of 9. One that
    was made for an empty table reads all of it again and again: an import took minutes.
    """
    await transaction.execute("set local plan_cache_mode = force_custom_plan")


async def own_number(transaction: Connection) -> str:
    """Return a fresh source number for a record that no source knows, such as `EHR-17`."""
    return str(await transaction.fetchval("select 'EHR-' || nextval('own_number')"))


def demand_all_written(updated: str, changes: Sequence[Change[Any]]) -> None:
    """Make sure that an update has found each record as it was read.

    Raises:
        ChangedMeanwhile: it has not.
    """
    if updated != f"UPDATE {len(changes)}":
        raise ChangedMeanwhile
