"""What waits in the concerts, for the tiles of the console's start page."""

from litestar import get

from services.recognition.honouring.store import figures
from shared.auth import Role
from shared.german import counted
from shared.web.access import staff
from shared.web.navigation import CONCERTS_WAIT
from shared.web.pages import Page
from shared.web.request import Request
from shared.web.waiting import waiting_part


@get(CONCERTS_WAIT, opt=staff(Role.FOUNDATION, Role.PROTOCOL, Role.CLERK))
async def get_waiting(request: Request) -> Page:
    """Say what waits in the concerts, and how many answers are outstanding."""
    async with request.pool.acquire() as connection:
        found = await figures.waiting(connection)
    return waiting_part(
        request,
        {
            "/konsole/konzerte": counted(
                found.proposed, "Vorschlag offen", "Vorschläge offen", none=""
            ),
            "/konsole/konzerte/antworten": counted(
                found.silent, "Antwort steht aus", "Antworten stehen aus", none=""
            ),
        },
    )


ROUTES = [get_waiting]
