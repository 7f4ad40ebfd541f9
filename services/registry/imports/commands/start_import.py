"""Start an import: keep the file, so that the worker checks it."""

from uuid import UUID

import msgspec

from services.registry.columns import Kind
from services.registry.findings import showable
from services.registry.imports.csv_files import find_encoding
from services.registry.imports.store import jobs
from services.registry.model import Actor
from shared import audit
from shared.database import Connection


class StartImport(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was uploaded."""

    kind: Kind
    file_name: str
    content: bytes
    by: Actor


async def start_import(transaction: Connection, command: StartImport) -> UUID:
    """Keep the file for its dry run and return the import's id.

    Raises:
        FileRefused: one look is enough to see that it is no CSV file.
    """
    find_encoding(command.content)
    import_id = await jobs.begin(
        transaction, command.kind, showable(command.file_name), command.content, command.by
    )
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="start_import",
        concerns=f"import:{import_id}",
        details={"kind": command.kind, "bytes": len(command.content)},
    )
    return import_id
