"""Confirm an import: what the dry run has shown is what somebody wants."""

from uuid import UUID

import msgspec

from services.registry.imports.model import LinesRejected, NotChecked
from services.registry.imports.store import jobs
from services.registry.model import Actor
from shared import audit
from shared.database import Connection


class ConfirmImport(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about a checked file."""

    import_id: UUID
    only_valid: bool
    """Leave wrong lines out; without it, one wrong line is enough for nothing to be taken."""
    by: Actor


async def confirm_import(transaction: Connection, command: ConfirmImport) -> None:
    """Have the worker take the file over.

    Raises:
        ImportUnknown: there is no such import.
        NotChecked: it is not waiting for a decision.
        LinesRejected: there are wrong lines and `only_valid` was not chosen.
    """
    checked = await jobs.lock(transaction, command.import_id)
    if checked.state != "checked":
        raise NotChecked(checked.state)
    if checked.rejected_rows and not command.only_valid:
        raise LinesRejected(checked.rejected_rows)
    await jobs.confirm(transaction, command.import_id, only_valid=command.only_valid)
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="confirm_import",
        concerns=f"import:{command.import_id}",
        details={"only_valid": command.only_valid, "rejected": checked.rejected_rows},
    )
