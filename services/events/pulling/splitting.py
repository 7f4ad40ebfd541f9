"""Cuts a fetched calendar into messages as large as partners may publish, without parsing it."""

import re
from collections.abc import Iterator
from typing import Final

from services.events.ingest import limits
from services.events.ingest.item import Incoming
from services.events.ingest.model import Partner
from services.events.pulling.model import PullFailed

MOST_EVENTS: Final = 2_000
FRAME_BYTES: Final = 512
"""What a message's head and foot may take."""
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_ZONES: Final = re.compile(rb"TZID=\"?([^\":;\r\n]+)", re.IGNORECASE)
_UID: Final = re.compile(rb"^UID[^:\r\n]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_TZID: Final = re.compile(rb"^TZID[^:\r\n]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_HEAD: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ehrensache//Pull//DE\r\n"
_FOOT: Final = b"END:VCALENDAR\r\n"


def messages_of(partner: Partner, name: str, document: bytes) -> list[Incoming]:
    """Return the calendar's events as messages of the partner's, changed dates with their series.

    Args:
        partner: whose calendar it is.
        name: of this fetch; the receipts name it.
        document: as it came.

    Raises:
        PullFailed: it is no calendar, or it holds too many events.
    """
    parts = list(_messages(document))
    return [
        Incoming(
            partner=partner.name,
            headers={
                "ce-specversion": "1.0",
                "ce-id": f"{name}-{number}",
                "ce-type": "de.ehrensache.pulled",
                "ce-source": partner.name,
                "ce-datacontenttype": "text/calendar",
            },
            body=body,
        )
        for number, body in enumerate(parts, 1)
    ]


def _messages(document: bytes) -> Iterator[bytes]:
    zones, groups, method = _taken_apart(document)
    head = _HEAD + method
    chunk, named, count = b"", dict[bytes, bytes](), 0
    for events in groups:
        body = b"".join(events)
        wanted = {zone: zones[zone] for zone in _ZONES.findall(body) if zone in zones}
        both = named | wanted
        size = len(chunk) + len(body) + sum(map(len, both.values())) + FRAME_BYTES
        is_full = size > limits.MESSAGE_BYTES or count + len(events) > limits.ITEMS
        if chunk and is_full:
            yield head + b"".join(named.values()) + chunk + _FOOT
            chunk, both, count = b"", wanted, 0
        chunk, named, count = chunk + body, both, count + len(events)
    if chunk:
        yield head + b"".join(named.values()) + chunk + _FOOT


def _taken_apart(document: bytes) -> tuple[dict[bytes, bytes], list[list[bytes]], bytes]:
    """Return the zones by name, the events by UID in their order, and the METHOD line."""
    zones: dict[bytes, bytes] = {}
    groups: dict[bytes, list[bytes]] = {}
    rows = _rows(document)
    method = b"".join(row for row in rows if row.upper().startswith(b"METHOD:"))[:100]
    count = 0
    for kind, block in _blocks(rows):
        if kind == b"VTIMEZONE" and (found := _TZID.search(block)):
            zones[found[1].strip()] = block
        elif kind == b"VEVENT":
            count += 1
            uid = _UID.search(block)
            groups.setdefault(uid[1] if uid else b"#%d" % count, []).append(block)
    if count > MOST_EVENTS:
        raise PullFailed("too_many_items")
    return zones, list(groups.values()), method


def _rows(document: bytes) -> list[bytes]:
    document = document.removeprefix(b"\xef\xbb\xbf")
    try:
        document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PullFailed("not_a_calendar") from error
    rows = [row + b"\r\n" for row in _FOLD.sub(b"", document).replace(b"\r\n", b"\n").split(b"\n")]
    if not rows[0].upper().startswith(b"BEGIN:VCALENDAR") or b"\x00" in document:
        raise PullFailed("not_a_calendar")
    return rows


def _blocks(rows: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the components right inside the calendar with their names."""
    depth, block = 0, list[bytes]()
    for row in rows:
        name, _, value = row.strip().upper().partition(b":")
        depth += name == b"BEGIN"
        if depth > 1:
            block.append(row)
        depth -= name == b"END"
        if name == b"END" and depth == 1:
            yield value, b"".join(block)
            block = []
    if depth != 0:
        raise PullFailed("not_a_calendar")
