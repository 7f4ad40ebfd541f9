"""Says what events looks for again and again: windows that move, series that go on, old rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from services.events.associations.store import mails
from services.events.commands.release_due_events import release_due_events
from services.events.commands.rewrite_events import rewrite_events
from services.events.committees.store import meetings, members
from services.events.feeds import store as feeds
from services.events.history import KEPT as HISTORY_KEPT
from services.events.ical.event import WRITER
from services.events.ingest.receipts import Teller
from services.events.keeping import AHEAD_AT_LEAST, list_dates, write_public
from services.events.store import duplicates, history, items, locking
from services.events.upkeep import upkeep
from shared.database import transaction
from shared.timers import Timer
from shared.worker import Parts

MOST_SERIES: Final = 50
MOST_ROWS: Final = 1_000
MOST_RELEASED: Final = 100
MOST_REWRITTEN: Final = 200
KEPT: Final = timedelta(days=30)
MEMBERS_KEPT: Final = timedelta(days=365)
"""How long those who have left a committee are known."""
QUARANTINE: Final = timedelta(days=90)
"""How long an item that was never taken waits for somebody to look at it."""
LATELY: Final = timedelta(minutes=5)
RECEIPT_GRACE: Final = timedelta(seconds=10)
"""A receipt that its loop has not sent by then is sent by the timer."""


def timers(parts: Parts) -> Sequence[Timer]:
    """Return the timers of the worker."""
    return [
        *_calendar(parts),
        *_written(parts),
        *_forgetting(parts),
        *_partners(parts),
        *upkeep(parts),
    ]


def _calendar(parts: Parts) -> list[Timer]:
    async def release_due() -> int:
        site, now = parts.settings.site, datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            return await release_due_events(opened, MOST_RELEASED, site, now)

    return [Timer("release_due_events", 5, release_due)]


def _written(parts: Parts) -> list[Timer]:
    """Return the timers that write anew what follows from events."""

    async def move_window() -> int:
        async with transaction(parts.pool) as opened:
            await feeds.move_window(opened)
        return 0

    async def move_committees_windows() -> int:
        async with transaction(parts.pool) as opened:
            return await meetings.move_windows(opened)

    async def list_further() -> int:
        now = datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            before = now.replace(tzinfo=None) + AHEAD_AT_LEAST
            series = await locking.series_to_list(opened, before, MOST_SERIES)
            if series:
                await list_dates(opened, series, now)
        return len(series)

    async def write_anew() -> int:
        async with transaction(parts.pool) as opened:
            old = await locking.lock_written_before(opened, WRITER, MOST_SERIES)
            await write_public(opened, old, parts.settings.site, datetime.now(UTC))
        return len(old)

    async def rewrite() -> int:
        site, now = parts.settings.site, datetime.now(UTC)
        async with transaction(parts.pool) as opened:
            return await rewrite_events(opened, MOST_REWRITTEN, site, now)

    return [
        Timer("move_window", 60, move_window),
        Timer("move_committees_windows", 60, move_committees_windows),
        Timer("list_further", 3_600, list_further),
        Timer("write_anew", 60, write_anew),
        Timer("rewrite_events", 5, rewrite),
    ]


def _forgetting(parts: Parts) -> list[Timer]:
    async def forget_history() -> int:
        async with transaction(parts.pool) as opened:
            before = datetime.now(UTC) - HISTORY_KEPT
            return await history.forget_versions(opened, before, MOST_ROWS)

    async def forget_members() -> int:
        async with transaction(parts.pool) as opened:
            before = datetime.now(UTC).date() - MEMBERS_KEPT
            return await members.forget_members(opened, before, MOST_ROWS)

    async def forget_mail_links() -> int:
        async with transaction(parts.pool) as opened:
            before = datetime.now(UTC) - timedelta(days=mails.KEPT_DAYS)
            return await mails.forget_links(opened, before, MOST_ROWS)

    return [
        Timer("forget_history", 3_600, forget_history),
        Timer("forget_members", 3_600, forget_members),
        Timer("forget_mail_links", 3_600, forget_mail_links),
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
        _suspecting(parts),
        Timer("send_receipts", 5, send_receipts),
        Timer("forget_partner_rows", 3_600, forget_partner_rows),
    ]


def _suspecting(parts: Parts) -> Timer:
    """Return the timer that compares what batches cannot.

    Two sources at one moment do not see each other, and editors' events come in no batch.
    """

    async def suspect_duplicates() -> int:
        async with transaction(parts.pool) as opened:
            since = datetime.now(UTC) - LATELY
            lately = await duplicates.changed_since(opened, since, MOST_ROWS)
            for partner_id, changed in lately.items():
                await duplicates.suspect(opened, partner_id, changed)
        return 0

    return Timer("suspect_duplicates", 60, suspect_duplicates)
