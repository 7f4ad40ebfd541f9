"""Shows editors which links of other people's offers lead nowhere, and takes that one is right."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.check_offer import CheckOffer, check_offer
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import seen_version
from services.events.links.model import REASONS
from services.events.store import offer_links
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

MOST: Final = 200


@get(f"{LIST}/links", opt=EDITS)
async def get_dead_links(request: Request) -> Page:
    """List the offers whose link leads nowhere."""
    async with request.pool.acquire() as connection:
        dead = await offer_links.dead_links(connection, MOST)
    return page(request, "konsole_links.html", dead=dead, reasons=REASONS)


@post(f"{LIST}/{{calendar_event_id:uuid}}/geprueft", opt=EDITS)
async def post_check_offer(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Note that an offer was looked at today."""
    command = CheckOffer(calendar_event_id, await seen_version(request), request.signed_in.name)
    async with acting(request) as deed:
        await check_offer(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "check_offer", calendar_event_id)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Als heute geprüft vermerkt.")
