"""Says in German what a selection leaves over: as a feed's title and above a list."""

from typing import Final

from services.events.need import needs_of
from services.events.selection import Selection
from services.events.store.names import Names

GONE: Final = "nicht mehr in der Liste"
"""What was chosen once and is not there any more: nothing will stand in the feed."""


def title_of(selection: Selection, names: Names) -> str:
    """Return the title of a feed: `Veranstaltungen: Kultur, Theater und Musik · stufenlos`."""
    parts = chosen(selection, names)
    return "Veranstaltungen" + (f": {' · '.join(parts)}" if parts else "")


def description_of(selection: Selection, names: Names) -> str:
    """Return one sentence about a feed."""
    parts = chosen(selection, names)
    if not parts:
        return "Alle öffentlichen Veranstaltungen rund um Ehrenamt und Stadtleben"
    return f"Öffentliche Veranstaltungen in der Auswahl {' · '.join(parts)}"


def chosen(selection: Selection, names: Names) -> list[str]:
    """Return in words what a selection chooses by; empty for everything."""
    lists = [
        (selection.categories, names.categories),
        (selection.audiences, names.audiences),
        (selection.districts, names.districts),
        (selection.places, names.places),
        (selection.organisers, names.organisers),
    ]
    parts = [
        *(" oder ".join(titles) or GONE for keys, titles in lists if keys),
        " ".join(f"„{word}“" for word in selection.words),
        *(need.said for need in needs_of(selection)),
        "ohne Abgesagtes" if selection.hides_cancelled else "",
    ]
    return [part for part in parts if part]
