"""Stop the making of a PDF that nobody needs any more."""

from uuid import UUID

import msgspec

from services.notifier.store import prints
from shared.database import Connection
from shared.errors import Refused


class AlreadyEnded(Refused):
    """The PDF is finished, or was stopped before."""

    def __init__(self) -> None:
        super().__init__("Diese PDF-Datei wird nicht mehr erstellt.")


class StopPrinting(msgspec.Struct, frozen=True, kw_only=True):
    """Which PDF."""

    letter_print_id: UUID


async def stop_printing(transaction: Connection, command: StopPrinting) -> None:
    """Stop the job; its batch stays as it is and can be printed anew.

    Raises:
        AlreadyEnded: there is nothing to stop.
    """
    if not await prints.cancel(transaction, command.letter_print_id):
        raise AlreadyEnded
