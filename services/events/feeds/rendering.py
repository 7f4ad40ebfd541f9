"""Joins a feed from the stored bytes of its events, all of one moment."""

from typing import Final

import msgspec

from services.events.content import DEFAULT_ZONE
from services.events.feeds import store
from services.events.feeds.bodies import Body
from services.events.feeds.standing import Slugs, Standing, followed, moment_of
from services.events.feeds.titles import description_of, title_of
from services.events.feeds.variant import Variant
from services.events.ical.calendar import FeedHeader, feed
from services.events.selection import Selection
from services.events.site import Site
from services.events.store.names import Colour, find_colour, names_of
from shared.database import Connection, Pool

USUAL: Final = Colour("#003e6b", "midnightblue")
"""The colour of feeds that are not about one category alone."""


class Wanted(msgspec.Struct, frozen=True):
    """Which feed is to be joined, and how."""

    slug: str
    selection: Selection
    slugs: Slugs
    variant: Variant


async def rendered(pool: Pool, site: Site, wanted: Wanted) -> Body:
    """Return a whole feed and the revision that it is."""
    selection = wanted.selection
    if wanted.variant.hides_cancelled:
        selection = msgspec.structs.replace(selection, hides_cancelled=True)
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        # What the process knows may be older than this snapshot: a place may just have become
        # another one.
        standing = await _standing(connection, wanted.slugs, selection)
        if (led := followed(selection, standing)) != selection:
            selection = led
            standing = await _standing(connection, wanted.slugs, selection)
        moment = moment_of(wanted.slugs.groups(selection), standing)
        window_on = await store.window(connection)
        events = await store.events_of(
            connection, selection, window_on, is_rich=wanted.variant.is_rich
        )
        names = await names_of(connection, selection)
        colour = await _colour(connection, selection)
    header = FeedHeader(
        title=title_of(selection, names),
        description=description_of(selection, names),
        zone=DEFAULT_ZONE,
        colour=colour.code,
        colour_name=colour.name,
        feed_url=site.feed_url(wanted.slug) + wanted.variant.query,
        page_url=site.list_url,
        changed_at=moment.changed_at,
    )
    zones = {event.zone for event in events}
    return Body(moment, feed(header, zones, [event.vevent for event in events]))


async def _standing(
    connection: Connection, slugs: Slugs, selection: Selection
) -> dict[str, Standing]:
    names = [name for group in slugs.groups(selection) for name in group]
    return {each.slug: each for each in await store.standing_of(connection, names)}


async def _colour(connection: Connection, selection: Selection) -> Colour:
    if len(selection.categories) != 1:
        return USUAL
    return await find_colour(connection, selection.categories[0]) or USUAL
