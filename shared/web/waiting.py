"""Says on the tiles of the console's start page what waits behind them, each service its own."""

from collections.abc import Mapping

from shared.web.navigation import entries_for
from shared.web.pages import Page, page
from shared.web.request import Request


def waiting_part(request: Request, sentences: Mapping[str, str]) -> Page:
    """Return what the start page asks a service for: the lines of its tiles.

    Args:
        request: htmx's.
        sentences: by a tile's path what waits behind it; empty: nothing. Tiles that the member of
            staff does not see are left out.
    """
    visible = {entry.path for entry in entries_for(request.signed_in)}
    lines = {path: sentence for path, sentence in sentences.items() if path in visible}
    return page(request, "waiting.html", lines=lines)


def listed(*parts: str) -> str:
    """Return several things that wait as one line; those that are empty are left out."""
    return ", ".join(filter(None, parts))
