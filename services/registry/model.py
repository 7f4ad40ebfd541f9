"""Who did something in registry, and what has changed in a record since."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shared.errors import Refused


class Actor(msgspec.Struct, frozen=True):
    """Who does something: a member of staff, or the operator at the command line."""

    subject: str
    """What the audit log keeps, an opaque id."""
    name: str
    """What colleagues read beside a change."""


class ChangeEntry(msgspec.Struct, frozen=True):
    """One change of one record."""

    version: int
    happened_at: datetime
    made_by: str
    import_id: UUID | None
    """The import that made it; None: somebody did it by hand."""
    changes: dict[str, tuple[Any, Any]]
    """By field name: what stood there before and what stood there afterwards, as JSON has it."""


class ChangedMeanwhile(Refused):
    """Somebody else has changed the record since it was read."""

    def __init__(self) -> None:
        super().__init__(
            "Dieser Eintrag wurde inzwischen von jemand anderem geändert."
            " Bitte laden Sie die Seite neu und tragen Sie Ihre Änderung noch einmal ein."
        )
