"""Understands a table of quotas that somebody has filled in."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from services.recognition.honouring.nomination import MOST_QUOTA, OrganisationQuota
from services.recognition.honouring.spreadsheets import SheetUnreadable

HEADER: Final = ("Nummer", "Verein", "Engagierte", "Plätze")


class RowProblem(msgspec.Struct, frozen=True):
    """Why one row cannot be taken over."""

    row: int
    """Counted as a spreadsheet does: the header is row 1."""
    sentence: str


class QuotaSheet(msgspec.Struct, frozen=True):
    """What a table says: quotas by association, and the rows that are wrong."""

    places: dict[UUID, int]
    problems: tuple[RowProblem, ...]


def sheet_rows(quotas: Sequence[OrganisationQuota]) -> list[tuple[object, ...]]:
    """Return the table to be filled in, with the quotas as they are."""
    return [
        (
            quota.organisation_id,
            quota.name,
            quota.engaged,
            "" if quota.places is None else quota.places,
        )
        for quota in quotas
    ]


def understand(rows: Sequence[dict[str, str]], known: Sequence[OrganisationQuota]) -> QuotaSheet:
    """Return the quotas that the rows set; an empty number leaves an association as it is.

    An association is found by its `Nummer`, or by its `Verein` where only one has that name.

    Raises:
        SheetUnreadable: the columns that are needed are missing.
    """
    columns = set().union(*rows)
    if "plätze" not in columns or not {"nummer", "verein"} & columns:
        raise SheetUnreadable(
            "Die Tabelle braucht die Spalten „Plätze“ und „Nummer“ oder „Verein“.", "file"
        )
    places: dict[UUID, int] = {}
    problems: list[RowProblem] = []
    names = _by_name(known)
    ids = {quota.organisation_id for quota in known}
    for number, row in enumerate(rows, start=2):
        if not row.get("plätze"):
            continue
        found = _find(row, ids, names)
        wanted = read_quota(row["plätze"])
        if isinstance(found, str):
            problems.append(RowProblem(number, found))
        elif wanted is None:
            problems.append(
                RowProblem(number, f"„{row['plätze']}“ ist keine Zahl von 0 bis {MOST_QUOTA}.")
            )
        elif found in places:
            problems.append(RowProblem(number, "Dieser Verein steht schon weiter oben."))
        else:
            places[found] = wanted
    return QuotaSheet(places, tuple(problems))


def _find(row: dict[str, str], ids: set[UUID], names: dict[str, list[UUID]]) -> UUID | str:
    """Return the association of a row, or the sentence that says why there is none."""
    if number := row.get("nummer", ""):
        try:
            organisation_id = UUID(number)
        except ValueError:
            return f"„{number}“ ist keine Vereinsnummer."
        return (
            organisation_id if organisation_id in ids else f"Die Nummer {number} kennen wir nicht."
        )
    name = row.get("verein", "")
    found = names.get(name.casefold(), [])
    if len(found) > 1:
        return f"Es gibt mehrere Vereine mit dem Namen „{name}“. Bitte die Nummer angeben."
    return found[0] if found else f"Einen Verein „{name}“ kennen wir nicht."


def _by_name(known: Sequence[OrganisationQuota]) -> dict[str, list[UUID]]:
    names: dict[str, list[UUID]] = {}
    for quota in known:
        names.setdefault(quota.name.casefold(), []).append(quota.organisation_id)
    return names


def read_quota(text: str) -> int | None:
    """Return a quota as it was typed; None if it is no number from 0 to MOST_QUOTA."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST_QUOTA)):
        return None
    return int(text) if int(text) <= MOST_QUOTA else None
