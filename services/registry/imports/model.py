"""The import (Import): one file on its way from the upload to the records."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.registry.columns import Kind
from shared.errors import NotFound, Refused

State = Literal[
    "waiting",
    "checking",
    "checked",
    "confirmed",
    "importing",
    "imported",
    "refused",
    "cancelled",
    "failed",
]
"""waiting → checking (the dry run) → checked → confirmed by somebody → importing → imported.

`refused`: the file cannot be read at all, or has wrong lines and only valid ones were not allowed.
"""

STATE_LABELS: Final[dict[State, str]] = {
    "waiting": "wartet auf die Prüfung",
    "checking": "wird geprüft",
    "checked": "geprüft",
    "confirmed": "wartet auf die Übernahme",
    "importing": "wird übernommen",
    "imported": "übernommen",
    "refused": "abgewiesen",
    "cancelled": "abgebrochen",
    "failed": "fehlgeschlagen",
}
UNDER_WAY: Final = frozenset({"waiting", "checking", "confirmed", "importing"})
"""States that the worker ends by itself."""
MOST_ATTEMPTS: Final = 3
"""An import that took the worker down this often is given up."""


class ImportUnknown(NotFound):
    """There is no import with this id."""

    def __init__(self) -> None:
        super().__init__("Diesen Import gibt es nicht (mehr).")


class NotChecked(Refused):
    """Only an import that was checked, and not yet taken over or cancelled, can be confirmed."""

    def __init__(self, state: State) -> None:
        super().__init__(
            f"Dieser Import kann nicht übernommen werden: Er ist {STATE_LABELS[state]}."
        )


class LinesRejected(Refused):
    """Some lines are wrong and nobody has said that the others should be taken without them."""

    def __init__(self, rejected: int) -> None:
        wrong = "Eine Zeile ist" if rejected == 1 else f"{rejected} Zeilen sind"
        super().__init__(
            f"{wrong} fehlerhaft. Bitte verbessern Sie die Datei, oder wählen Sie"
            " „Nur die gültigen Zeilen übernehmen“."
        )


class AlreadyOver(Refused):
    """An import that has ended cannot be cancelled."""

    def __init__(self, state: State) -> None:
        super().__init__(
            f"Dieser Import kann nicht abgebrochen werden: Er ist {STATE_LABELS[state]}."
        )


class Import(msgspec.Struct, frozen=True):
    """One file, how far it is, and what came of it so far."""

    import_id: UUID
    kind: Kind
    file_name: str
    state: State
    only_valid: bool
    problem: str
    encoding: str
    separator: str
    ignored_columns: list[str]
    lines: int
    lines_done: int
    new_rows: int
    changed_rows: int
    unchanged_rows: int
    rejected_rows: int
    hints: int
    attempts: int
    created_at: datetime
    created_by: str
    created_by_subject: str
    finished_at: datetime | None
    is_cancel_asked: bool

    @property
    def is_dry_run(self) -> bool:
        """Whether the file is only being checked."""
        return self.state in ("waiting", "checking", "checked")

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        """Return how much of the file has been read, 0 to 100."""
        return min(100, 100 * self.lines_done // self.lines) if self.lines else 0

    @property
    def rows(self) -> int:
        """Return how many rows there are, wrong ones included."""
        return self.new_rows + self.changed_rows + self.unchanged_rows + self.rejected_rows

    @property
    def label(self) -> str:
        """Return the state in German."""
        return STATE_LABELS[self.state]


class Tally(msgspec.Struct, kw_only=True):
    """What has been counted so far while a file is read."""

    lines: int
    lines_done: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    hints: int = 0
