"""Shows what editors have changed about a partner's event, and gives a field back to its source."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath

from services.events.category import Terms
from services.events.commands.reset_field import ResetField, reset_field
from services.events.content import EventContent, EventTimes, layered
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import seen_version
from services.events.ingest.model import PartnerItem, source_of
from services.events.model import CalendarEvent
from services.events.naming import ORGANISER, PLACE
from services.events.overriding import reset_with
from services.events.rule_words import how_often
from services.events.telling import in_words
from services.events.wording import FIELDS, STATES, when_is
from shared.errors import Malformed
from shared.german import german_number
from shared.web.pages import Page, see_other
from shared.web.request import Request

_NOTHING: Final = "nichts"


class Overridden(msgspec.Struct, frozen=True, kw_only=True):
    """A field, or several that belong together, in which editors differ from the source."""

    field: str
    """What a form sends to give it back."""
    label: str
    ours: str
    said: str
    """What the source says, in words."""


def overridden(item: PartnerItem | None, terms: Terms) -> list[Overridden]:
    """Return what editors have changed about an item, in the order of an event's fields."""
    source = source_of(item) if item else None
    if item is None or source is None:
        return []
    ours, shown = layered(source, item.override), list[Overridden]()
    told: set[str] = set()
    for field in (*EventContent.__struct_fields__, "state"):
        if field in item.override and field not in told:
            told |= set(reset_with(field))
            shown.append(
                Overridden(
                    field=field,
                    label=_label(field),
                    ours=_words(field, ours, item.override.get("state", ""), terms),
                    said=_words(field, source, item.status, terms),
                )
            )
    return shown


@post(f"{LIST}/{{calendar_event_id:uuid}}/zuruecksetzen", opt=EDITS)
async def post_reset(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Give a field back to the partner that publishes the event.

    Raises:
        Malformed: the form names no field.
    """
    field = str((await request.form()).get("field", ""))
    if field not in FIELDS and field != "state":
        raise Malformed("Bitte laden Sie die Seite neu.", "field")
    version, by = await seen_version(request), request.signed_in.name
    command = ResetField(calendar_event_id, version, field, by)
    async with acting(request) as deed:
        event: CalendarEvent = await reset_field(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "reset_field", calendar_event_id)
    told = "Es gilt wieder, was die Quelle sagt."
    return see_other(request, f"{LIST}/{event.calendar_event_id}", told)


def _label(field: str) -> str:
    if field == "state":
        return "Zustand"
    if field in EventTimes.__struct_fields__:
        return "Wann"
    if field in PLACE:
        return "Ort"
    return FIELDS["organiser" if field in ORGANISER else field]


def _words(field: str, content: EventContent, state: str, terms: Terms) -> str:
    """Return a field's value, or that of all that go with it, as an editor would say it."""
    if field == "state":
        return STATES[state][0]
    if field in EventTimes.__struct_fields__:
        return ", ".join(
            filter(None, (when_is(content), how_often(content.recurrence, content.zone)))
        )
    if field in PLACE:
        return _listed(_place(content), is_listed=content.place_id is not None)
    if field in ORGANISER:
        return _listed(content.organiser, is_listed=content.organiser_id is not None)
    value: Any = msgspec.to_builtins(getattr(content, field))
    return in_words(field, value, terms) if value not in ("", None, []) else _NOTHING


def _place(content: EventContent) -> str:
    point = ""
    if content.latitude is not None and content.longitude is not None:
        point = f"{german_number(content.latitude)} / {german_number(content.longitude)}"
    return ", ".join(filter(None, (content.place_name, content.place_address, point)))


def _listed(name: str, *, is_listed: bool) -> str:
    return f"{name} (aus der Liste)" if is_listed else name or _NOTHING
