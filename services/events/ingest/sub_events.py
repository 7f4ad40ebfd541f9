"""Finds the single events in a schema.org thing: a festival and its evenings, a series' dates."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.events.ingest import schema_org
from services.events.ingest.reasons import ItemRefused

_INHERITED: Final = (
    "name", "description", "location", "organizer", "keywords", "eventStatus", "audience", "offers",
    "isAccessibleForFree",
)  # fmt: skip
_NAMES: Final = ("subEvent", "subEvents")


def events_in(thing: Any) -> Iterator[Any]:
    """Yield a thing's own event and those within it, which have from it what they do not say.

    A frame without a date of its own (an EventSeries, a season) is no event. A part without an id
    is known by the frame's id and its own start.
    """
    if not isinstance(thing, dict):
        yield thing
        return
    parts = [part for name in _NAMES for part in _listed(thing.get(name))]
    if not parts or (thing.get("startDate") and not _is_series(thing)):
        yield thing
    for part in parts:
        if isinstance(part, dict):
            yield from events_in(_completed(part, thing))
        else:
            yield part


def _completed(part: Mapping[str, Any], frame: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part with what its frame says; a cancelled frame cancels its parts."""
    inherited = {name: frame[name] for name in _INHERITED if name in frame}
    own = {"@type": "Event", **inherited, **part}
    if not any(part.get(name) for name in ("identifier", "@id", "url")):
        try:
            own["identifier"] = f"{schema_org.key_of(frame)}#{part.get('startDate', '')}"
        except ItemRefused:
            own.pop("identifier", None)
    return own


def _is_series(thing: Mapping[str, Any]) -> bool:
    return any(str(kind).endswith("EventSeries") for kind in _listed(thing.get("@type")))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
