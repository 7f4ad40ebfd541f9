"""Tells in German words what each field of an event says, and what a change has changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from services.events.category import Terms, titles_of
from services.events.content import EventContent
from services.events.rule_words import how_often
from services.events.wording import FIELDS
from shared.german import german_day, german_number

NOTHING: Final = "–"
_NAMED_BESIDE: Final = frozenset({"place_id", "organiser_id"})
"""Ids; the names that belong to them are fields of their own."""
_SHOWN_ABOVE: Final = frozenset({"title", "starts", "ends", "all_day", "zone", "recurrence"})

_DEEDS: Final = {
    "draft_event": "Entwurf angelegt",
    "draft_own_event": "Entwurf angelegt",
    "change_event": "Geändert",
    "change_own_event": "Vom Verein geändert",
    "reschedule_event": "Verlegt",
    "submit_event": "Eingereicht",
    "return_event": "Zur Überarbeitung zurückgegeben",
    "refuse_event": "Abgelehnt",
    "schedule_event": "Freigegeben, mit Sperrfrist",
    "withdraw_approval": "Freigabe zurückgenommen",
    "release_due_events": "Nach der Sperrfrist veröffentlicht",
    "add_picture": "Bild hinzugefügt",
    "remove_picture": "Bild entfernt",
    "check_offer": "Angebot geprüft",
    "publish_event": "Veröffentlicht",
    "show_event_to": "Sichtbarkeit geändert",
    "postpone_event": "Auf unbestimmte Zeit verschoben",
    "cancel_event": "Abgesagt",
    "cancel_date": "Einzelner Termin fällt aus",
    "move_date": "Einzelner Termin verlegt",
    "restore_date": "Einzelner Termin wie in der Serie",
    "reset_field": "Angabe des Partnersystems übernommen",
    "decide_held_items": "Absage des Partnersystems freigegeben",
    "change_place": "Der Ort wurde geändert",
    "merge_places": "Der Ort wurde zusammengeführt",
    "change_organiser": "Der Veranstalter wurde geändert",
    "merge_organisers": "Der Veranstalter wurde zusammengeführt",
    "undo_change": "Letzte Änderung zurückgenommen",
    "open_run": "Mit dem Kurs veröffentlicht",
    "change_course": "Mit dem Kurs geändert",
    "move_run": "Mit dem Kurs verlegt",
    "cancel_run": "Mit dem Kurs abgesagt",
    "keep_honouring_event": "Mit der Würdigungsveranstaltung geführt",
    "take_partner_items": "Vom Partnersystem übernommen",
    "plan_meeting": "Sitzung angelegt",
}


class FieldChange(msgspec.Struct, frozen=True):
    """One field that a change has changed, in words."""

    label: str
    before: str
    after: str


def deed_in_words(command: str) -> str:
    """Return what a command has done to an event."""
    return _DEEDS.get(command, "Geändert")


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], terms: Terms
) -> list[FieldChange]:
    """Return what differs between two contents, each as stored in the history.

    A field that an older version did not know had nothing in it.
    """
    found = []
    for name, label in FIELDS.items():
        old, new = before.get(name), after.get(name)
        if name in _NAMED_BESIDE or old == new or not (old or new):
            continue
        found.append(FieldChange(label, in_words(name, old, terms), in_words(name, new, terms)))
    return found


def all_texts(content: EventContent, terms: Terms) -> list[tuple[str, str]]:
    """Return label and words of everything that an event says but its title and times."""
    said = msgspec.to_builtins(content)
    return [
        (label, in_words(name, said[name], terms))
        for name, label in FIELDS.items()
        if said.get(name) and name not in _NAMED_BESIDE | _SHOWN_ABOVE
    ]


def in_words(name: str, value: Any, terms: Terms) -> str:
    """Return a field's value, as the history stores it, in words."""
    if value is None or value in ("", []):
        return NOTHING
    if name == "categories":
        return ", ".join(titles_of(value, terms.categories))
    if name == "audiences":
        return ", ".join(titles_of(value, terms.audiences))
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return german_number(value)
    return _WRITTEN.get(name, str)(value)


def _wall(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at:%d.%m.%Y}, {at:%H:%M} Uhr"


def _moments(texts: list[str]) -> str:
    return "; ".join(map(_wall, texts))


def _changed(changes: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{_wall(change['original'])}: "
        + ("entfällt" if change.get("is_cancelled") else f"jetzt {_wall(change['starts'])}")
        for change in changes
    )


_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "starts": _wall,
    "ends": _wall,
    "excluded": _moments,
    "added": _moments,
    "changed": _changed,
    "recurrence": how_often,
    "checked_on": lambda text: german_day(datetime.fromisoformat(text).date()),
    "event_image_id": lambda _id: "ein Bild",
}
