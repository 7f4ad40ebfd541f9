"""Says in German what a selection leaves over: as a feed's title and above a list."""

from collections.abc import Sequence

from services.events.selection import Selection
from services.events.store.names import Names


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
    parts = [
        _either(names.categories),
        _either(names.audiences),
        _either(names.districts),
        _either(names.places),
        _either(names.organisers),
        " ".join(f"„{word}“" for word in selection.words),
        "stufenlos erreichbar" if selection.is_step_free else "",
        "ohne Abgesagtes" if selection.hides_cancelled else "",
    ]
    return [part for part in parts if part]


def _either(titles: Sequence[str]) -> str:
    return " oder ".join(titles)
