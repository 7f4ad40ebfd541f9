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
    also: str = ""
    """Another address of the same page."""
    waits: str = ""
    """Where its service says what waits there, for the tile; empty where nothing ever does."""


def _for(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


CONCERTS_WAIT: Final = "/konsole/konzerte/wartet"
LISTS_WAIT: Final = "/konsole/importe/wartet"
EVENTS_WAIT: Final = "/konsole/termine/wartet"
MESSAGES_WAIT: Final = "/konsole/nachrichten/wartet"
HOME: Final = "/konsole"
"""The staff's start page: every other page of theirs lies below, so only it itself is its."""
PUBLIC_ENTRIES: Final = (
    Entry("Veranstaltungen", "/termine", also="/"),
    Entry("Kurse", "/kurse"),
    Entry("Kalender abonnieren", "/kalender"),
)
STAFF_ENTRIES: Final = (
    Entry("Übersicht", HOME),
    Entry(
        "Konzerte",
        "/konsole/konzerte",
        "Ehrungskonzert planen, Gäste auswählen, einladen und den Stand der Antworten sehen",
        _for(Role.FOUNDATION, Role.PROTOCOL),
        waits=CONCERTS_WAIT,
    ),
    Entry(
        "Antworten",
        "/konsole/konzerte/antworten",
        "Antworten eintragen, die am Telefon oder auf der Antwortkarte kamen",
        _for(Role.FOUNDATION, Role.PROTOCOL, Role.CLERK),
        waits=CONCERTS_WAIT,
    ),
    Entry(
        "Personen",
        "/konsole/personen",
        "Engagierte suchen und ihre Angaben ansehen",
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
        waits=LISTS_WAIT,
    ),
    Entry(
        "Termine",
        "/konsole/termine",
        "Veranstaltungen im öffentlichen Kalender pflegen",
        _for(Role.EDITOR),
        waits=EVENTS_WAIT,
    ),
    Entry(
        "Prüfung",
        "/konsole/termine/pruefen",
        "Eingereichte Veranstaltungen prüfen und freigeben",
        _for(Role.EDITOR),
        waits=EVENTS_WAIT,
    ),
    Entry(
        "Gremien",
        "/konsole/gremien",
        "Sitzungen planen, die nur Mitglieder sehen, und ihre Links ausgeben",
        _for(Role.EDITOR),
    ),
    Entry(
        "Orte",
        "/konsole/orte",
        "Veranstaltungsorte mit Anschrift und Barrierefreiheit, Veranstalter und Stadtteile",
        _for(Role.EDITOR),
    ),
    Entry(
        "Kurse",
        "/konsole/kurse",
        "Kurse und Durchgänge planen, Teilnehmende und Warteliste sehen",
        _for(Role.EDITOR),
        waits=EVENTS_WAIT,
    ),
    Entry(
        "Partner",
        "/konsole/partner",
        "Einspeisungen der Partnersysteme ansehen und Rückfragen klären",
        _for(Role.EDITOR, Role.ADMIN),
        waits=EVENTS_WAIT,
    ),
    Entry(
        "Nachrichten",
        "/konsole/nachrichten",
        "Welche E-Mails hinausgingen und welche nicht ankamen",
        _for(Role.FOUNDATION, Role.CLERK, Role.EDITOR, Role.PROTOCOL, Role.ADMIN),
        waits=MESSAGES_WAIT,
    ),
    Entry(
        "Briefe",
        "/konsole/briefe",
        "Briefe an Gäste ohne E-Mail drucken",
        _for(Role.FOUNDATION, Role.CLERK, Role.PROTOCOL),
        waits=MESSAGES_WAIT,
    ),
    Entry("Einlass", "/tuer", "Eintrittskarten an der Tür prüfen", _for(Role.DOOR)),
)


def entries_for(member: Staff | None) -> tuple[Entry, ...]:
    """Return what a visitor sees: the public entries, or those of the member's roles."""
    if member is None:
        return PUBLIC_ENTRIES
    return tuple(entry for entry in STAFF_ENTRIES if not entry.roles or entry.roles & member.roles)


def current_entry(entries: tuple[Entry, ...], path: str) -> Entry | None:
    """Return the entry that a page belongs to: of those that lead to it, the longest path."""
    leading = [entry for entry in entries if _leads_to(entry, path)]
    return max(leading, key=lambda entry: len(entry.path), default=None)


def _leads_to(entry: Entry, path: str) -> bool:
    if path in {entry.path, entry.also}:
        return True
    return entry.path != HOME and path.startswith(entry.path + "/")
