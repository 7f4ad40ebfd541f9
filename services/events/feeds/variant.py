"""Knows the ways in which every feed can be asked for."""

from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlencode

MOST_FIELDS: Final = 20


class Variant(NamedTuple):
    """How a feed is wanted: `?profile=rich`, `?cancelled=hide`."""

    is_rich: bool = False
    """With the components and properties of RFC 9073 and RFC 9253, which old clients stumble on."""
    hides_cancelled: bool = False

    @property
    def tag(self) -> str:
        """Return what tells it apart in an entity tag."""
        return ("-rich" if self.is_rich else "") + ("-going" if self.hides_cancelled else "")

    @property
    def query(self) -> str:
        """Return the query that asks for it, with its question mark; empty for the plain one."""
        asked = {
            "profile": "rich" if self.is_rich else "",
            "cancelled": "hide" if self.hides_cancelled else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"?{query}" if query else ""


PLAIN: Final = Variant()


@lru_cache(maxsize=256)
def variant_of(query: bytes) -> Variant:
    """Return what a query string asks for; what else stands in it is not ours, and left alone."""
    if not query:
        return PLAIN
    if query.count(b"&") > MOST_FIELDS:
        return PLAIN
    given = parse_qs(query.decode("latin-1"))
    return Variant(given.get("profile") == ["rich"], given.get("cancelled") == ["hide"])
