"""Says what events looks for again and again: windows that move, series that go on, old rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from services.events.commands.release_due_events import release_due_events
from services.events.commands.rewrite_events import rewrite_events
from services.events.feeds import store as feeds
from services.events.ingest.receipts import Teller
from services.events.keeping import AHEAD_AT_LEAST, list_dates
from services.events.links.looking import look_at_links
from services.events.links.probing import Prober
from services.events.store import items, locking, pictures
from shared.database import transaction
from shared.process import Parts, Timer

MOST_SERIES: Final = 50
MOST_ROWS: Final = 1_000
MOST_RELEASED: Final = 100
MOST_REWRITTEN: Final = 200
MOST_PICTURES: Final = 100
UNUSED: Final = timedelta(days=1)
"""How old a picture that nobody names must be to go."""
KEPT: Final = timedelta(days=30)
QUARANTINE: Final = timedelta(days=90)
"""How long an item that was never taken waits for somebody to look at it."""
RECEIPT_GRACE: Final = timedelta(seconds=10)
"""A receipt that its loop has not sent by then is sent by the timer."""


def timers(parts: Parts) -> Sequence[Timer]:
    """Return the timers of the worker."""
    return [*_calendar(parts), *_editing(parts), *_partners(parts)]


def _calendar(parts: Parts) -> list[Timer]:
    async def move_windows() -> int:
        async with transaction(parts.pool) as opened:
            await feeds.move_windows(opened)
        return 0

    async def list_further() -> int:
        now = datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            before = now.replace(tzinfo=None) + AHEAD_AT_LEAST
            series = await locking.series_to_list(opened, before, MOST_SERIES)
            if series:
                await list_dates(opened, series, now)
        return len(series)

    async def release_due() -> int:
        site, now = parts.settings.site, datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            return await release_due_events(opened, MOST_RELEASED, site, now)

    return [
        Timer("move_windows", 60, move_windows),
        Timer("list_further", 3_600, list_further),
        Timer("release_due_events", 5, release_due),
    ]


def _editing(parts: Parts) -> list[Timer]:
    async def rewrite() -> int:
        site, now = parts.settings.site, datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            return await rewrite_events(opened, MOST_REWRITTEN, site, now)

    async def forget_unused_pictures() -> int:
        before = datetime.now(UTC) - UNUSED
        async with transaction(parts.pool) as opened:
            return await pictures.forget_unused(opened, before, MOST_PICTURES)

    agent = f"Ehrensache-Linkpruefung (+{parts.settings.public_url})"
    prober = Prober(agent, reaches_private=parts.settings.link_check_reaches_private)

    async def look() -> int:
        return await look_at_links(parts.pool, prober)

    return [
        Timer("rewrite_events", 5, rewrite),
        Timer("look_at_links", 60, look),
        Timer("forget_unused_pictures", 3_600, forget_unused_pictures),
    ]


def _partners(parts: Parts) -> list[Timer]:
    teller = Teller(parts.pool, parts.client, parts.settings.site)

    async def send_receipts() -> int:
        async with parts.pool.acquire() as connection:
            before = datetime.now(UTC) - RECEIPT_GRACE
            unsent = await items.unsent_receipts(connection, before, MOST_ROWS)
        return await teller.tell(unsent)

    async def forget_partner_rows() -> int:
        now = datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            receipts = await items.forget_receipts(opened, now - KEPT, MOST_ROWS)
            waiting = await items.forget_never_taken(opened, now - QUARANTINE, MOST_ROWS)
            messages = await items.forget_messages(opened, now - KEPT, MOST_ROWS)
            return receipts + waiting + messages

    return [
        Timer("send_receipts", 5, send_receipts),
        Timer("forget_partner_rows", 3_600, forget_partner_rows),
    ]
