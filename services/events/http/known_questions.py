"""Asks before a place or an organiser of the list goes, or becomes another one."""

from collections.abc import Sequence

import msgspec

from shared.web.pages import Page, page
from shared.web.request import Request


class Entry(msgspec.Struct, frozen=True):
    """A place or an organiser."""

    name: str
    path: str
    """Of its page."""


def ask_to_delete(request: Request, entry: Entry, what: str) -> Page:
    """Ask whether an entry is to be deleted; `what` says what it is, such as `Der Ort`."""
    return page(
        request,
        "confirm.html",
        question=f"„{entry.name}“ löschen?",
        consequences=[f"{what} lässt sich danach nicht mehr auswählen."],
        action=f"{entry.path}/loeschen",
        yes="Löschen",
        back=entry.path,
        fields={},
    )


def ask_to_merge(
    request: Request, entry: Entry, into: Entry, count: int, further: Sequence[str] = ()
) -> Page:
    """Say what merging an entry into another would do, and ask.

    Args:
        request: of the editor.
        entry: what goes.
        into: what stays.
        count: how many events name what goes.
        further: what else changes with them, a sentence each.
    """
    return page(
        request,
        "confirm.html",
        question=f"„{entry.name}“ mit „{into.name}“ zusammenführen?",
        consequences=[
            f"Veranstaltungen, die danach „{into.name}“ nennen: {count}.",
            *further,
            "Wer den Kalender abonniert hat, sieht das beim nächsten Abruf.",
            f"Wer nur „{entry.name}“ abonniert hat, bekommt danach den Kalender für „{into.name}“.",
            f"„{entry.name}“ steht danach nicht mehr in der Liste.",
            "Das lässt sich nicht zurücknehmen.",
        ],
        action=f"{entry.path}/zusammenfuehren?ziel={into.path.rpartition('/')[2]}",
        yes="Zusammenführen",
        back=entry.path,
        fields={},
    )
