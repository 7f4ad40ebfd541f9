"""Turns invitations and reminders by mail into letters, with one click and without signing in.

Source: RFC 8058: mail programs POST here by themselves, without cookies; a GET changes nothing,
because mail scanners open every link. Opting out never answers an invitation.
"""

from typing import Final

from litestar import get, post
from litestar.params import FromPath

from services.notifier.opt_out_links import PATH, person_of
from services.notifier.settings import Settings
from services.notifier.store import known
from shared.database import transaction
from shared.web.access import PUBLIC
from shared.web.pages import Page, page
from shared.web.request import Request

BACK: Final = "zurueck"
"""The button that takes opting out back."""


@get(f"{PATH}/{{token:str}}", opt=PUBLIC)
async def get_opt_out(request: Request, token: FromPath[str]) -> Page:
    """Ask whether the person wants letters instead, and change nothing."""
    person_id = person_of(_key(request), token)
    async with request.pool.acquire() as connection:
        is_out = await known.has_opted_out(connection, person_id)
    return page(request, "abbestellen.html", is_out=is_out, action=f"{PATH}/{token}")


@post(f"{PATH}/{{token:str}}", opt=PUBLIC, status_code=200)
async def post_opt_out(request: Request, token: FromPath[str]) -> Page:
    """Opt the person out, or in again; asked for twice, the second changes nothing."""
    person_id = person_of(_key(request), token)
    is_out = (await request.form()).get("wahl") != BACK
    async with transaction(request.pool) as opened:
        if is_out:
            await known.opt_out(opened, person_id)
        else:
            await known.opt_in(opened, person_id)
    return page(request, "abbestellen.html", is_out=is_out, action=f"{PATH}/{token}")


def _key(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.opt_out_key
