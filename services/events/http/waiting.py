"""What waits for editors, for the tiles of the console's start page."""

from litestar import get

from services.events.http.acting import LIST
from services.events.http.reviewing import INBOX
from services.events.store import waiting
from shared.auth import Role
from shared.german import counted
from shared.web.access import staff
from shared.web.navigation import EVENTS_WAIT
from shared.web.pages import Page
from shared.web.request import Request
from shared.web.waiting import listed, waiting_part


@get(EVENTS_WAIT, opt=staff(Role.EDITOR, Role.ADMIN))
async def get_waiting(request: Request) -> Page:
    """Say what waits in the calendar, with partners and in courses."""
    async with request.pool.acquire() as connection:
        found = await waiting.waiting(connection)
    return waiting_part(
        request,
        {
            LIST: listed(
                counted(found.duplicates, "Hinweis auf Doppelte", "Hinweise auf Doppelte", none=""),
                counted(found.dead_links, "Link prüfen", "Links prüfen", none=""),
            ),
            INBOX: listed(
                counted(found.submitted, "wartet auf Prüfung", "warten auf Prüfung", none=""),
                counted(found.cancellations, "Absage erbeten", "Absagen erbeten", none=""),
            ),
            "/konsole/partner": counted(
                found.of_partners, "Meldung zu entscheiden", "Meldungen zu entscheiden", none=""
            ),
            "/konsole/kurse": counted(found.proofs, "Nachweis fehlt", "Nachweise fehlen", none=""),
        },
    )
