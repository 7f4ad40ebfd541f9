"""Looks at a partner's bytes before any parser does: size, encoding, depth, counts."""

import re
from typing import Any, Final

import msgspec

from services.events.ingest import limits
from services.events.ingest.reasons import ItemRefused

_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_BLOCK: Final = re.compile(rb"^(BEGIN|END):(.*)$", re.IGNORECASE)
_DATES: Final = re.compile(rb"^(?:EXDATE|RDATE)[;:]", re.IGNORECASE)

_CHANGED: Final = re.compile(rb"^RECURRENCE-ID[;:]", re.IGNORECASE)


def decoded_json(body: bytes) -> Any:
    """Return what the JSON says.

    Raises:
        ItemRefused: empty, too large, not UTF-8, not JSON, or nested too deep.
    """
    _check_bytes(body)
    try:
        value = msgspec.json.decode(body)
    except RecursionError as error:
        raise ItemRefused("json_too_deep") from error
    except msgspec.DecodeError as error:
        raise ItemRefused("json_malformed") from error
    _check_depth(value)
    return value


def check_calendar(body: bytes) -> None:
    """Stop an iCalendar document that would cost too much to parse.

    Raises:
        ItemRefused: names the limit that it breaks.
    """
    _check_bytes(body)
    depth = events = dates = changed = 0
    for row in _FOLD.sub(b"", body).splitlines():
        if _DATES.match(row):
            dates += row.count(b",") + 1
        changed += _CHANGED.match(row) is not None
        block = _BLOCK.match(row)
        if block is not None:
            depth += 1 if block[1].upper() == b"BEGIN" else -1
            events += block[0].upper().strip() == b"BEGIN:VEVENT"
        if depth > limits.CALENDAR_DEPTH:
            raise ItemRefused("calendar_too_deep")
    if events - changed > limits.ITEMS:
        raise ItemRefused("too_many_items")
    if changed > limits.LISTED_DATES or dates > limits.LISTED_DATES * max(events, 1):
        raise ItemRefused("too_many_dates")


def _check_bytes(body: bytes) -> None:
    if not body.strip():
        raise ItemRefused("message_empty")
    if len(body) > limits.MESSAGE_BYTES:
        raise ItemRefused("message_too_large")
    if b"\x00" in body:
        raise ItemRefused("control_character")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ItemRefused("not_utf8") from error


def _check_depth(value: Any) -> None:
    """Walk level by level, so that depth costs no recursion."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > limits.JSON_DEPTH:
            raise ItemRefused("json_too_deep")
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
