"""Cancel an import: nothing of it is kept, wherever it is."""

from uuid import UUID

import msgspec

from services.registry.imports.model import AlreadyOver
from services.registry.imports.store import jobs
from services.registry.model import Actor
from shared import audit
from shared.database import Connection


class CancelImport(msgspec.Struct, frozen=True, kw_only=True):
    """Which import is not wanted any more."""

    import_id: UUID
    by: Actor


async def cancel_import(transaction: Connection, command: CancelImport) -> None:
    """End an import that waits; one that runs stops at its next lines and takes all back.

    Raises:
        ImportUnknown: there is no such import.
        AlreadyOver: it has ended.
    """
    known = await jobs.lock(transaction, command.import_id)
    if known.state in ("checking", "importing"):
        await jobs.ask_cancel(transaction, command.import_id)
    elif known.is_under_way or known.state == "checked":
        await jobs.settle(transaction, command.import_id, "cancelled")
    else:
        raise AlreadyOver(known.state)
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="cancel_import",
        concerns=f"import:{command.import_id}",
    )
