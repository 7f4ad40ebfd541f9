"""What did not arrive and what is to be printed, for the tiles of the console's start page."""

from litestar import get

from services.notifier.http.messages import LIST
from services.notifier.http.naming import SEES, visible_purposes
from services.notifier.store import control, overview
from shared.german import counted
from shared.web.navigation import MESSAGES_WAIT
from shared.web.pages import Page
from shared.web.request import Request
from shared.web.waiting import listed, waiting_part


@get(MESSAGES_WAIT, opt=SEES)
async def get_waiting(request: Request) -> Page:
    """Say what waits among the messages that one sees."""
    async with request.pool.acquire() as connection:
        failed, letters = await overview.waiting(connection, visible_purposes(request.signed_in))
        state = await control.control(connection)
    return waiting_part(
        request,
        {
            LIST: listed(
                counted(failed, "nicht zugestellt", "nicht zugestellt", none=""),
                "der Versand ist angehalten" if state.is_paused else "",
            ),
            "/konsole/briefe": counted(letters, "Brief zu drucken", "Briefe zu drucken", none=""),
        },
    )
