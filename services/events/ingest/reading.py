"""Turns a partner's message into events, each taken or refused with a reason."""

from typing import Any, Final

from services.events.ingest import limits, plain, schema_org
from services.events.ingest.calendar_document import read_document
from services.events.ingest.envelope import Letter, opened
from services.events.ingest.item import Incoming, Read
from services.events.ingest.preflight import decoded_json
from services.events.ingest.reasons import ItemRefused, refusal
from services.events.ingest.sub_events import events_in

JSON: Final = frozenset({"application/json", "application/ld+json", "application/schema.org+json"})
_SCHEMA_ORG: Final = (schema_org.key_of, schema_org.read_item)
_PLAIN: Final = (plain.key_of, plain.read_item)
CALENDAR: Final = "text/calendar"


def read(incoming: Incoming) -> list[Read]:
    """Return what the message holds; a message that cannot be read is one refusal. Never raises."""
    try:
        return _read_letter(opened(incoming.partner, incoming.headers, incoming.body))
    except ItemRefused as error:
        return [refusal("", error)]


def _read_letter(letter: Letter) -> list[Read]:
    if letter.content_type == CALENDAR:
        return read_document(letter.body)
    if letter.content_type in JSON:
        return _read_json(letter.body)
    raise ItemRefused("content_type_unknown", "ce-datacontenttype")


def _read_json(body: bytes) -> list[Read]:
    value = decoded_json(body)
    things = value.get("@graph", value) if isinstance(value, dict) else value
    things = things if isinstance(things, list) else [things]
    is_linked = isinstance(value, dict) and schema_org.speaks(value)
    things = [part for thing in things for part in _parts(thing, is_linked=is_linked)]
    if len(things) > limits.ITEMS:
        raise ItemRefused("too_many_items")
    if not things:
        raise ItemRefused("message_empty")
    return [_read_thing(thing, is_linked=is_linked) for thing in things]


def _parts(thing: Any, *, is_linked: bool) -> list[Any]:
    """Return the single events in a thing; our plain JSON has no events within events."""
    speaks = is_linked or (isinstance(thing, dict) and schema_org.speaks(thing))
    return list(events_in(thing)) if speaks else [thing]


def _read_thing(thing: Any, *, is_linked: bool) -> Read:
    if not isinstance(thing, dict):
        return refusal("", ItemRefused("not_an_event"))
    speaks = is_linked or schema_org.speaks(thing)
    read_key, read_item = _SCHEMA_ORG if speaks else _PLAIN
    key = ""
    try:
        key = read_key(thing)
        return read_item(thing)
    except ItemRefused as error:
        return refusal(key, error)
