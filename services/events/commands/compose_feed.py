"""Somebody wants the feed of a selection of their own, at a short address that stays."""

from typing import Final

import msgspec

from services.events.feeds import store
from services.events.selection import Selection, canonical, composed_slug
from shared.database import Connection
from shared.errors import Refused

MOST_FEEDS: Final = 50_000
"""All together: composed feeds are kept for ever, since nobody knows who has subscribed to them."""


class TooManyFeeds(Refused):
    """There is no room for another composed feed (503)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Zurzeit lassen sich keine neuen Kalender zusammenstellen. Bitte abonnieren Sie einen"
            " der vorhandenen oder versuchen Sie es später noch einmal."
        )


class ComposeFeed(msgspec.Struct, frozen=True):
    """What is to stand in it."""

    selection: Selection


async def compose_feed(transaction: Connection, command: ComposeFeed) -> str:
    """Return the slug of the feed of a selection, which is made if it is the first of its kind.

    Equal selections have one feed; what a standing feed says already is that feed.

    Raises:
        Malformed: more is chosen than anybody could want; names the field.
        TooManyFeeds: there is no room for another one.
    """
    selection = canonical(command.selection)
    standing = (await store.slugs(transaction)).standing(selection)
    if standing is not None:
        return standing
    slug = composed_slug(selection)
    if await store.find_composed(transaction, slug) is None:
        if await store.composed_count(transaction) >= MOST_FEEDS:
            raise TooManyFeeds
        await store.keep_composed(transaction, slug, selection)
    return slug
