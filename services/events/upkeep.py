"""Says what is looked after for editors: links of others' offers, and pictures nobody shows."""

from datetime import UTC, datetime, timedelta
from typing import Final

from services.events.links.looking import look_at_links
from services.events.links.probing import Prober
from services.events.store import pictures
from shared.database import transaction
from shared.timers import Timer
from shared.worker import Parts

MOST_PICTURES: Final = 100
UNUSED: Final = timedelta(days=1)
"""How old a picture that nobody names must be to go."""


def upkeep(parts: Parts) -> list[Timer]:
    """Return the timers of what came from outside."""
    agent = f"Ehrensache-Linkpruefung (+{parts.settings.public_url})"
    prober = Prober(agent, allows_private=parts.settings.pulls_private_addresses)

    async def look() -> int:
        return await look_at_links(parts.pool, prober)

    async def forget_unused_pictures() -> int:
        before = datetime.now(UTC) - UNUSED
        async with transaction(parts.pool) as opened:
            return await pictures.forget_unused(opened, before, MOST_PICTURES)

    return [
        Timer("look_at_links", 60, look),
        Timer("forget_unused_pictures", 3_600, forget_unused_pictures),
    ]
