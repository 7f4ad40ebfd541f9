"""Lets people compose a calendar of their own selection and gives it a short address."""

from datetime import UTC, datetime
from typing import Final

from litestar import get, post

from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.http.asked import read_search, read_selection
from services.events.site import feed_path
from services.events.store.choices import choices as read_choices
from shared.database import transaction
from shared.errors import Refused
from shared.web.access import PUBLIC
from shared.web.limits import Misses, TooManyAttempts
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

PATH: Final = "/kalender/zusammenstellen"
PER_MINUTE: Final = 10


class ComposingTooFast(Refused):
    """Too many calendars were composed from one address; it may go on in a minute (429)."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "Von Ihrem Anschluss wurden gerade viele Kalender zusammengestellt. Bitte warten Sie"
            " eine Minute."
        )


@get(PATH, opt=PUBLIC)
async def get_compose(request: Request) -> Page:
    """Show what a calendar can be composed of, as chosen in the address."""
    async with request.pool.acquire() as connection:
        choices = await read_choices(connection)
    search = read_search(request, choices, datetime.now(UTC))
    return page(request, "zusammenstellen.html", search=search, choices=choices, action=PATH)


@post(PATH, opt=PUBLIC)
async def post_compose(request: Request) -> Page:
    """Make the calendar of a selection, or find the one that there is, and show how to use it.

    Raises:
        ComposingTooFast: too many came from one address.
    """
    composing: Misses = request.app.state.composing
    try:
        composing.check(request.client_address)
    except TooManyAttempts as error:
        raise ComposingTooFast from error
    composing.note(request.client_address)
    form = await request.form()
    async with transaction(request.pool) as opened:
        selection = read_selection(form, await read_choices(opened))
        slug = await compose_feed(opened, ComposeFeed(selection))
    return see_other(request, feed_path(slug))
