"""Reads from an address which part of a list somebody wants to see: search, order, page."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from shared.errors import Malformed
from shared.text import clean
from shared.web.request import Request

PAGE_ROWS: Final = 50
MOST_SEARCH_CHARACTERS: Final = 100
MOST_PAGES: Final = 100_000
_BACK: Final = "-"
_PAGE: Final = re.compile(r"[1-9]\d{0,5}", re.ASCII)
"""A number as the list's own links write it, and never one that PostgreSQL cannot count to."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a list that is shown."""

    search: str = ""
    sort: str
    """Name of the column; one of those that the route allows."""
    descending: bool = False
    page: int = 1
    """Counted from 1."""
    rows: int = PAGE_ROWS

    @property
    def offset(self) -> int:
        """Return how many rows come before this page."""
        return (self.page - 1) * self.rows

    def pages(self, total: int) -> int:
        """Return how many pages `total` rows fill, at least 1."""
        return max(1, -(-total // self.rows))


def read_listing(request: Request, sorts: Sequence[str], rows: int = PAGE_ROWS) -> Listing:
    """Return what `?suche=…&sortierung=-name&seite=2` asks for.

    Args:
        request: the request.
        sorts: the columns that may be sorted by; the first is the usual order.
        rows: how many a page holds.

    Raises:
        Malformed: another column, or a page that is no number from 1.
    """
    asked = request.query_params
    sort = asked.get("sortierung") or sorts[0]
    if sort.removeprefix(_BACK) not in sorts:
        raise Malformed("Nach dieser Spalte lässt sich die Liste nicht sortieren.", "sortierung")
    return Listing(
        search=clean(asked.get("suche") or "", "suche").strip()[:MOST_SEARCH_CHARACTERS],
        sort=sort.removeprefix(_BACK),
        descending=sort.startswith(_BACK),
        page=read_page(request),
        rows=rows,
    )


def read_page(request: Request, most: int = MOST_PAGES) -> int:
    """Return the page that `?seite=2` asks for, the first if it asks for none.

    Raises:
        Malformed: it is no number from 1 to `most`.
    """
    text = request.query_params.get("seite") or "1"
    if not _PAGE.fullmatch(text) or int(text) > most:
        raise Malformed("Diese Seite der Liste gibt es nicht.", "seite")
    return int(text)
