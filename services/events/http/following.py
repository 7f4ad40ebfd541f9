"""Lets events follow their place or organiser at once, as far as one batch goes."""

from typing import Final
from uuid import UUID

from services.events.commands.rewrite_events import rewrite_events
from services.events.http.acting import acting
from shared.errors import Malformed
from shared.web.request import Request

AT_ONCE: Final = 200
"""What is more is written by the timer, in the next seconds."""


async def follow(request: Request, count: int) -> str:
    """Write events again that wait for it, and return a sentence about these `count` events."""
    if not count:
        return ""
    async with acting(request) as deed:
        await rewrite_events(deed.transaction, AT_ONCE, deed.site, deed.now)
    named = "Eine Veranstaltung nennt" if count == 1 else f"{count} Veranstaltungen nennen"
    later = " in den nächsten Minuten" if count > AT_ONCE else ""
    return f" {named}{later} die neuen Angaben."


def read_target(request: Request) -> UUID:
    """Return the entry that `?ziel=…` names.

    Raises:
        Malformed: it names none.
    """
    try:
        return UUID(request.query_params.get("ziel") or "")
    except ValueError as error:
        raise Malformed("Bitte wählen Sie aus, womit zusammengeführt wird.", "ziel") from error
