"""Lists what stands in the navigation, and for which roles: one list for all services."""

from typing import Final

import msgspec

from shared.auth import Role, Staff


class Entry(msgspec.Struct, frozen=True):
    """One line of the navigation."""

    label: str
    path: str
    hint: str = ""
    """What one does there, for the tile on the start page."""
    roles: frozenset[Role] = frozenset()
    """Who sees it among staff; empty means all of them."""


def _for(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


PUBLIC_ENTRIES: Final = (
    Entry("Veranstaltungen", "/termine"),
    Entry("Kalender abonnieren", "/kalender"),
)
STAFF_ENTRIES: Final = (
    Entry("Übersicht", "/konsole"),
    Entry(
        "Konzerte",
        "/konsole/konzerte",
        "Ehrungskonzert planen, Gäste auswählen, einladen und den Stand der Antworten sehen",
        _for(Role.FOUNDATION, Role.PROTOCOL),
    ),
    Entry(
        "Personen",
        "/konsole/personen",
        "Engagierte suchen, ansehen und erfassen",
        _for(Role.CLERK, Role.FOUNDATION, Role.AUDITOR),
    ),
    Entry(
        "Organisationen",
        "/konsole/organisationen",
        "Vereine und Träger mit ihren Ansprechpersonen",
        _for(Role.CLERK, Role.FOUNDATION, Role.AUDITOR),
    ),
    Entry(
        "Importe",
        "/konsole/importe",
        "Listen als CSV-Datei prüfen und übernehmen",
        _for(Role.CLERK),
    ),
    Entry(
        "Termine",
        "/konsole/termine",
        "Veranstaltungen im öffentlichen Kalender pflegen",
        _for(Role.EDITOR),
    ),
    Entry(
        "Partner",
        "/konsole/partner",
        "Einspeisungen der Partnersysteme ansehen und Rückfragen klären",
        _for(Role.EDITOR, Role.ADMIN),
    ),
    Entry(
        "Nachrichten",
        "/konsole/nachrichten",
        "Welche E-Mails hinausgingen und welche nicht ankamen",
        _for(Role.FOUNDATION, Role.CLERK, Role.ADMIN),
    ),
    Entry(
        "Briefe",
        "/konsole/briefe",
        "Briefe an Gäste ohne E-Mail drucken",
        _for(Role.FOUNDATION, Role.CLERK),
    ),
    Entry("Einlass", "/tuer", "Eintrittskarten an der Tür prüfen", _for(Role.DOOR)),
)


def entries_for(member: Staff | None) -> tuple[Entry, ...]:
    """Return what a visitor sees: the public entries, or those of the member's roles."""
    if member is None:
        return PUBLIC_ENTRIES
    return tuple(entry for entry in STAFF_ENTRIES if not entry.roles or entry.roles & member.roles)


def is_current(entry: Entry, path: str) -> bool:
    """Whether a page belongs to an entry: the longest path of an entry that leads to it."""
    if path == entry.path:
        return True
    return entry.path != "/konsole" and path.startswith(entry.path + "/")
