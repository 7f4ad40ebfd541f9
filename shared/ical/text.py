"""Escapes, cleans and folds text so that no client misreads a line."""

import re

LINE_OCTETS = 75
"""Source: RFC 5545 3.1, a line is at most 75 octets, its CRLF not counted."""

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_CONTINUATION = 0b1100_0000
_IS_CONTINUATION = 0b1000_0000


def clean(text: str) -> str:
    r"""Return `text` with `\n` as its only line break and without characters that break feeds.

    Source: RFC 5545 3.3.11 (no CONTROL but TAB); clients that split lines like Python does take
    VT, FF, FS to US, NEL and U+2028/9 for a line end, a NUL empties the feed in others.
    """
    return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def escaped(text: str) -> str:
    """Return `text` cleaned and as a TEXT value.

    Source: RFC 5545 3.3.11; the lower-case `n` because some software does not know the other.
    """
    whole = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return whole.replace("\n", "\\n")


def parameter(value: str) -> str:
    """Return `value` as a quoted parameter value.

    Source: RFC 6868 3.
    """
    flat = clean(value).replace("^", "^^").replace('"', "^'").replace("\n", "^n")
    return f'"{flat}"'


def line(name: str, value: str) -> bytes:
    """Return the property `name`, which may carry parameters, with a ready `value`, folded."""
    return folded(f"{name}:{value}")


def text_line(name: str, text: str) -> bytes:
    """Return the property `name` with `text` as its TEXT value, folded."""
    return folded(f"{name}:{escaped(text)}")


def folded(content: str) -> bytes:
    r"""Return a content line with its CRLF, broken into lines of at most 75 octets.

    A break never stands inside a UTF-8 character nor inside an escape pair (`\,` or `^'`).
    Source: RFC 5545 3.1; Google Calendar drops an event whose escape pair is split.
    """
    octets = content.encode()
    if len(octets) <= LINE_OCTETS:
        return octets + b"\r\n"
    pieces = []
    start, room = 0, LINE_OCTETS
    while len(octets) - start > room:
        end = start + _break_in(octets[start : start + room + 1])
        pieces.append(octets[start:end])
        start, room = end, LINE_OCTETS - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _break_in(octets: bytes) -> int:
    """Return where to break `octets`, whose last octet no longer fits."""
    end = len(octets) - 1
    while octets[end] & _CONTINUATION == _IS_CONTINUATION:
        end -= 1
    for mark in (b"\\", b"^"):
        if (end - len(octets[:end].rstrip(mark))) % 2:
            return end - 1
    return end
