"""What records said before, and who imported what, can be looked up for two years."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.registry import store
from services.registry.imports.store import findings
from services.registry.imports.store.findings import IMPORT_DAYS
from services.registry.store import CHANGES_KEPT_DAYS
from shared.database import Connection


async def changed(transaction: Connection, record_id: UUID, days: int) -> None:
    """Enter a change that was made as many days ago."""
    await transaction.execute(
        """
        insert into change_entry (record_id, version, happened_at, made_by, changes)
        values ($1, 2, now() - $2::interval, 'Jonas', '{}')
        """,
        record_id,
        timedelta(days=days),
    )


async def imported(transaction: Connection, state: str, days: int) -> UUID:
    """Enter an import that ended as many days ago, with one finding."""
    import_id: UUID = await transaction.fetchval(
        """
        insert into import_job (
            kind, file_name, content, state, created_by, created_by_subject, finished_at
        )
        values ('people', 'alt.csv', 'x', $1, 'Jonas', 'jonas', now() - $2::interval)
        returning import_id
        """,
        state,
        timedelta(days=days),
    )
    await transaction.execute(
        "insert into import_finding values ($1, 1, 1, 'hint', 'PLZ', 'fehlt', '')", import_id
    )
    return import_id


async def test_old_changes_are_forgotten_some_at_a_time(transaction: Connection) -> None:
    record_id = uuid4()
    for days in (CHANGES_KEPT_DAYS + 2, CHANGES_KEPT_DAYS + 1, CHANGES_KEPT_DAYS - 1):
        await changed(transaction, record_id, days)

    forgotten = [await store.forget_changes(transaction, 1) for _ in range(3)]

    assert forgotten == [1, 1, 0]
    assert len(await store.changes_of(transaction, record_id)) == 1


async def test_old_imports_are_forgotten_but_none_that_waits(transaction: Connection) -> None:
    old = [await imported(transaction, state, IMPORT_DAYS + 1) for state in ("imported", "failed")]
    kept = [
        await imported(transaction, "imported", IMPORT_DAYS - 1),
        await imported(transaction, "confirmed", IMPORT_DAYS + 1),
    ]

    forgotten = [await findings.forget_imports(transaction, 1) for _ in range(3)]

    left = await transaction.fetch(
        "select import_id from import_job where import_id = any($1)", [*old, *kept]
    )
    assert forgotten == [1, 1, 0]
    assert {row[0] for row in left} == set(kept)
