"""A list that other sites show in a frame of theirs, and how they do that."""

from datetime import UTC, datetime
from typing import Final

from litestar import get
from markupsafe import escape

from services.events.feeds.titles import chosen
from services.events.http.asked import read_search
from services.events.http.public import by_day
from services.events.settings import Settings
from services.events.store import calendar
from services.events.store.choices import choices as read_choices
from services.events.store.names import names_of
from services.events.wording import day_phrase
from shared.errors import Malformed
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request

PATH: Final = "/termine/einbetten"
INSTRUCTIONS: Final = f"{PATH}/anleitung"
USUAL_ROWS, MOST_ROWS = 10, 50
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors {}"
)


@get(PATH, opt=PUBLIC)
async def get_embedded(request: Request) -> Page:
    """Show the next dates of a selection without the frame of our site; no script, no cookie.

    Raises:
        Malformed: a choice that does not exist, or more rows than anybody needs.
    """
    settings: Settings = request.app.state.settings
    rows = _rows(request)
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        search = read_search(request, choices, datetime.now(UTC))
        found = await calendar.dates(connection, search.asked(), 0, rows)
    shown = page(
        request,
        "einbetten.html",
        days=by_day(found, search.since),
        phrase=lambda day: day_phrase(day, search.today),
        more=settings.public_url + search.link("/termine"),
        origin=settings.public_url,
    )
    shown.headers["content-security-policy"] = _POLICY.format(settings.embedding_sites)
    shown.headers["cross-origin-resource-policy"] = "cross-origin"
    shown.headers["cache-control"] = "public, max-age=300"
    shown.headers["x-robots-tag"] = "noindex"
    return shown


@get(INSTRUCTIONS, opt=PUBLIC)
async def get_instructions(request: Request) -> Page:
    """Show what another site has to put into its page, for a selection."""
    settings: Settings = request.app.state.settings
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
        search = read_search(request, choices, datetime.now(UTC))
        names = await names_of(connection, search.selection)
    path = search.link(PATH)
    snippet = (
        f'<iframe src="{escape(settings.public_url + path)}" title="Veranstaltungen" width="100%"'
        ' height="600" loading="lazy" style="border: 0"></iframe>'
    )
    return page(
        request,
        "einbetten_anleitung.html",
        search=search,
        choices=choices,
        chosen=chosen(search.selection, names),
        snippet=snippet,
        preview=path,
        action=INSTRUCTIONS,
    )


def _rows(request: Request) -> int:
    text = request.query_params.get("anzahl") or str(USUAL_ROWS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_ROWS):
        raise Malformed(f"Bitte geben Sie eine Zahl von 1 bis {MOST_ROWS} an.", "anzahl")
    return int(text)
