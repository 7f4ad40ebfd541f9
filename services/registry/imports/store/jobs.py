"""Keeps imports: who has started which, how far it is and how it ended."""

from datetime import date
from typing import Final
from uuid import UUID

from services.registry.columns import Kind
from services.registry.imports.csv_files import Layout
from services.registry.imports.model import Import, ImportUnknown, State, Tally
from services.registry.model import Actor
from shared.database import Connection

WAIT_SECONDS: Final = 600.0


async def begin(
    transaction: Connection, kind: Kind, file_name: str, content: bytes, by: Actor
) -> UUID:
    """Keep a file that waits for its dry run."""
    import_id: UUID = await transaction.fetchval(
        """
        insert into import_job (kind, file_name, content, state, created_by, created_by_subject)
        values ($1, $2, $3, 'waiting', $4, $5)
        returning import_id
        """,
        kind,
        file_name,
        content,
        by.name,
        by.subject,
    )
    return import_id


async def get(connection: Connection, import_id: UUID) -> Import:
    """Return an import.

    Raises:
        ImportUnknown: there is none with this id.
    """
    row = await connection.fetchrow(
        """
        select
            import_id, kind, file_name, state, only_valid, problem, encoding, separator,
            ignored_columns, lines, lines_done, new_rows, changed_rows, unchanged_rows,
            rejected_rows, hints, attempts, created_at, created_by, created_by_subject,
            finished_at, cancel_asked_at is not null as is_cancel_asked
        from import_job
        where import_id = $1
        """,
        import_id,
    )
    if row is None:
        raise ImportUnknown
    return Import(*row)


async def count_checked(connection: Connection) -> int:
    """Return how many lists are checked and neither taken over nor given up."""
    found: int = await connection.fetchval(
        "select count(*) from import_job where state = 'checked'"
    )
    return found


async def latest(connection: Connection, most: int) -> list[Import]:
    """Return the imports that were started last, newest first."""
    rows = await connection.fetch(
        """
        select
            import_id, kind, file_name, state, only_valid, problem, encoding, separator,
            ignored_columns, lines, lines_done, new_rows, changed_rows, unchanged_rows,
            rejected_rows, hints, attempts, created_at, created_by, created_by_subject,
            finished_at, cancel_asked_at is not null as is_cancel_asked
        from import_job
        order by import_id desc
        limit $1
        """,
        most,
    )
    return [Import(*row) for row in rows]


async def lock_all(transaction: Connection) -> bool:
    """Become the one that runs imports until the transaction ends; False if there is another.

    PostgreSQL frees the lock when the process dies: an import that is under way while nobody holds
    the lock was left by a dead one, and is begun again.
    """
    return bool(
        await transaction.fetchval("select pg_try_advisory_xact_lock(hashtext('registry.import'))")
    )


async def wait_for_all(transaction: Connection) -> None:
    """Wait until no other import runs, ten minutes at most, and become the one that does."""
    await transaction.execute("set local lock_timeout = 0")
    await transaction.execute("set local statement_timeout = 0")
    await transaction.execute(
        "select pg_advisory_xact_lock(hashtext('registry.import'))", timeout=WAIT_SECONDS
    )
    await transaction.execute("set local lock_timeout to default")
    await transaction.execute("set local statement_timeout to default")


async def find_next(transaction: Connection) -> UUID | None:
    """Return the oldest import that has something to do. Call it while holding `lock_all`."""
    found: UUID | None = await transaction.fetchval(
        """
        select import_id from import_job
        where state in ('waiting', 'checking', 'confirmed', 'importing')
        order by import_id
        limit 1
        for update skip locked
        """
    )
    return found


async def start(transaction: Connection, import_id: UUID) -> Import:
    """Mark an import as running, from its first line, and return it."""
    await transaction.execute(
        """
        update import_job set
            state = case when state in ('waiting', 'checking') then 'checking' else 'importing' end,
            attempts = attempts + 1, lines_done = 0, started_at = now()
        where import_id = $1
        """,
        import_id,
    )
    return await get(transaction, import_id)


async def content(connection: Connection, import_id: UUID) -> bytes:
    """Return the file of an import that has not ended."""
    kept: bytes = await connection.fetchval(
        "select content from import_job where import_id = $1", import_id
    )
    return kept


async def today(connection: Connection) -> date:
    """Return the day that it is in the city."""
    day: date = await connection.fetchval("select (now() at time zone 'Europe/Berlin')::date")
    return day


async def tell_progress(connection: Connection, import_id: UUID, tally: Tally) -> bool:
    """Write down how far an import is; True if somebody has asked to cancel it."""
    return bool(
        await connection.fetchval(
            """
            update import_job set
                lines = $2, lines_done = $3, new_rows = $4, changed_rows = $5, unchanged_rows = $6,
                rejected_rows = $7, hints = $8
            where import_id = $1
            returning cancel_asked_at is not null
            """,
            import_id,
            tally.lines,
            tally.lines_done,
            tally.new,
            tally.changed,
            tally.unchanged,
            tally.rejected,
            tally.hints,
        )
    )


async def describe(
    transaction: Connection, import_id: UUID, layout: Layout, ignored: tuple[str, ...]
) -> None:
    """Write down how a file is written and which of its columns are left out."""
    await transaction.execute(
        """
        update import_job set encoding = $2, separator = $3, ignored_columns = $4
        where import_id = $1
        """,
        import_id,
        layout.encoding,
        layout.separator,
        list(ignored),
    )


async def settle(transaction: Connection, import_id: UUID, state: State, problem: str = "") -> None:
    """End the dry run or the import; the file goes unless it was only checked."""
    await transaction.execute(
        """
        update import_job set
            state = $2, problem = $3, finished_at = now(), attempts = 0, cancel_asked_at = null,
            content = case when $2 = 'checked' then content end
        where import_id = $1
        """,
        import_id,
        state,
        problem,
    )


async def confirm(transaction: Connection, import_id: UUID, *, only_valid: bool) -> None:
    """Have a checked file taken over."""
    await transaction.execute(
        """
        update import_job set state = 'confirmed', only_valid = $2, lines_done = 0
        where import_id = $1
        """,
        import_id,
        only_valid,
    )


async def ask_cancel(transaction: Connection, import_id: UUID) -> None:
    """Have a running import stop at its next lines."""
    await transaction.execute(
        "update import_job set cancel_asked_at = now() where import_id = $1", import_id
    )


async def lock(transaction: Connection, import_id: UUID) -> Import:
    """Return an import, which nobody else changes until the transaction ends.

    Raises:
        ImportUnknown: there is none with this id.
    """
    await transaction.execute("select from import_job where import_id = $1 for update", import_id)
    return await get(transaction, import_id)
