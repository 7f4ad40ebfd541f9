"""Keeps what there is to say about the lines of a file, for as long as somebody may act on it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from services.registry.findings import Finding, Severity
from shared.database import Connection

KEPT: Final = timedelta(days=30)
"""Findings hold cells of the file, so personal data; after this only the figures stay."""
CHECKED_KEPT: Final = timedelta(days=7)
"""A file that was checked and never confirmed goes after this."""
IMPORT_DAYS: Final = 730
"""How long it can be seen who imported what, as long as the changes that point to it."""


class Counts(msgspec.Struct, frozen=True):
    """How many findings of each severity are kept."""

    rejected: int
    hint: int
    changed: int


async def keep(transaction: Connection, import_id: UUID, found: Sequence[Finding]) -> None:
    """Keep these findings in place of earlier ones of the same import."""
    await transaction.execute("delete from import_finding where import_id = $1", import_id)
    await transaction.execute(
        """
        insert into import_finding (
            import_id, position, line, column_title, reason, value, severity
        )
        select $1, position, line, column_title, reason, value, severity
        from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[])
            with ordinality as found (line, column_title, reason, value, severity, position)
        """,
        import_id,
        [finding.line for finding in found],
        [finding.column for finding in found],
        [finding.reason for finding in found],
        [finding.value for finding in found],
        [finding.severity for finding in found],
    )


async def listed(
    connection: Connection, import_id: UUID, severity: Severity | None, most: int, offset: int = 0
) -> list[Finding]:
    """Return findings in the order of the lines, of one severity or of all."""
    rows = await connection.fetch(
        """
        select line, column_title as column, reason, value, severity
        from import_finding
        where import_id = $1 and ($2::text is null or severity = $2)
        order by position
        limit $3 offset $4
        """,
        import_id,
        severity,
        most,
        offset,
    )
    return [Finding(*row) for row in rows]


async def counted(connection: Connection, import_id: UUID) -> Counts:
    """Return how many findings are kept."""
    row: Any = await connection.fetchrow(
        """
        select
            count(*) filter (where severity = 'rejected') as rejected,
            count(*) filter (where severity = 'hint') as hint,
            count(*) filter (where severity = 'changed') as changed
        from import_finding
        where import_id = $1
        """,
        import_id,
    )
    return Counts(*row)


async def forget_old(transaction: Connection, most: int) -> int:
    """Delete up to `most` findings whose time is over; returns how many there were."""
    deleted: str = await transaction.execute(
        """
        delete from import_finding
        where (import_id, position) in (
            select import_id, position
            from import_finding
            join import_job using (import_id)
            where finished_at < now() - $2::interval
            limit $1
        )
        """,
        most,
        KEPT,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_unconfirmed(transaction: Connection) -> int:
    """Cancel the imports that were checked long ago and delete their files; returns how many."""
    cancelled: str = await transaction.execute(
        """
        update import_job set state = 'cancelled', content = null
        where state = 'checked' and finished_at < now() - $1::interval
        """,
        CHECKED_KEPT,
    )
    return int(cancelled.rsplit(maxsplit=1)[-1])


async def forget_imports(transaction: Connection, most: int) -> int:
    """Delete up to `most` imports that ended too long ago, with all about them; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from import_job where import_id in (
            select import_id from import_job
            where
                state in ('imported', 'refused', 'cancelled', 'failed')
                and coalesce(finished_at, created_at) < now() - make_interval(days => $2)
            limit $1
            for update skip locked
        )
        """,
        most,
        IMPORT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
