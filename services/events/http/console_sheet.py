"""The editors' list of events as a table to take along."""

from typing import Final, cast

from litestar import Response, get

from services.events.http.acting import EDITS, LIST
from services.events.model import State
from services.events.store import console
from services.events.store.console import Listed
from services.events.wording import ORIGINS, STATES
from shared.errors import Malformed
from shared.german import german_day, moment
from shared.web.listing import read_listing
from shared.web.request import Request
from shared.web.sheets import csv_answer

MOST_ROWS: Final = 5_000
HEADER: Final = ("Veranstaltung", "Tag", "Beginn", "Serie", "Ort", "Zustand", "Woher", "Geändert")


@get(f"{LIST}/tabelle", opt=EDITS)
async def get_sheet(request: Request) -> Response[bytes]:
    """Send what the list finds as a table, up to 5,000 lines, those changed last first."""
    wanted = wanted_state(request)
    words = read_listing(request, ["changed"]).search.split()
    async with request.pool.acquire() as connection:
        found = await console.listed(connection, wanted, words, 0, MOST_ROWS)
    return csv_answer("termine", HEADER, map(_row, found))


def wanted_state(request: Request) -> State | None:
    """Return the state that the list is narrowed to, None for all.

    Raises:
        Malformed: there is no such state.
    """
    state = request.query_params.get("zustand") or None
    if state is not None and state not in STATES:
        raise Malformed("Diesen Zustand gibt es nicht.", "zustand")
    return cast("State | None", state)


def _row(event: Listed) -> tuple[str, ...]:
    return (
        event.title,
        german_day(event.starts.date()),
        "" if event.all_day else f"{event.starts:%H:%M}",
        "ja" if event.is_series else "",
        event.place_name,
        STATES[event.state][0],
        ORIGINS[event.origin],
        moment(event.changed_at),
    )
