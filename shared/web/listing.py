"""Reads from an address which part of a list somebody wants to see: search, order, page."""

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
    page = asked.get("seite") or "1"
    if not page.isascii() or not page.isdigit() or not 1 <= int(page[:9]) <= MOST_PAGES:
        raise Malformed("Diese Seite der Liste gibt es nicht.", "seite")
    return Listing(
        search=clean(asked.get("suche") or "", "suche").strip()[:MOST_SEARCH_CHARACTERS],
        sort=sort.removeprefix(_BACK),
        descending=sort.startswith(_BACK),
        page=int(page),
        rows=rows,
    )
