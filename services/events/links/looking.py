"""Looks at the links that are due, a few at a time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from services.events.links.model import Looked, OfferLink, after_looking
from services.events.links.probing import MOST_HOPS, SECONDS, Prober
from services.events.store import offer_links
from shared.database import Pool, transaction

BATCH: Final = 10
CLAIM: Final = timedelta(seconds=SECONDS * 2 * MOST_HOPS + 60)
"""Longer than looking can take: a claim whose worker has died is due again."""


async def look_at_links(pool: Pool, prober: Prober) -> int:
    """Look at up to ten links that are due and note what was found.

    Returns:
        How many were looked at.
    """
    now = datetime.now(UTC)
    async with transaction(pool) as opened:
        due = await offer_links.claim_due(opened, now, now + CLAIM, BATCH)
    looked = await asyncio.gather(*(_look(prober, link) for link in due))
    async with transaction(pool) as opened:
        await offer_links.save_looked(opened, looked, datetime.now(UTC))
    return len(due)


async def _look(prober: Prober, link: OfferLink) -> Looked:
    reason = await prober.look(link.url)
    return after_looking(link, reason, datetime.now(UTC))
