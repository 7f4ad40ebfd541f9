"""Whoever has subscribed to a place or an organiser keeps it when it becomes another one."""

from datetime import UTC, datetime
from uuid import UUID

from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.commands.merge_organisers import MergeOrganisers, merge_organisers
from services.events.commands.merge_places import MergePlaces, merge_places
from services.events.commands.rewrite_events import rewrite_events
from services.events.feeds.shelf import Feed, Shelf
from services.events.selection import Selection
from shared.database import Pool, transaction
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, publish
from tests.events.cityplaces import organiser, place


async def merge(pool: Pool, place_id: UUID, into_id: UUID) -> None:
    async with transaction(pool) as opened:
        await merge_places(opened, MergePlaces(place_id, into_id, EDITOR))
    await rewrite(pool)


async def rewrite(pool: Pool) -> None:
    async with transaction(pool) as opened:
        await rewrite_events(opened, 100, SITE, datetime.now(UTC))


async def found(shelf: Shelf, slug: str) -> Feed:
    await shelf.refresh()
    feed = await shelf.look_up(slug)
    assert feed is not None
    return feed


async def text(shelf: Shelf, slug: str) -> str:
    return (await shelf.body(await found(shelf, slug))).content.decode().replace("\r\n ", "")


async def test_the_feed_of_a_merged_place_is_that_of_the_place_it_became(pool: Pool) -> None:
    double, kept = await place(pool, "Lichthof West"), await place(pool, "Lichthof")
    event = await publish(pool, place_id=double)
    shelf = Shelf(pool, SITE)
    before = await found(shelf, f"ort-{double}")

    await merge(pool, double, kept)
    later = await publish(pool, place_id=kept)

    feed = await text(shelf, f"ort-{double}")
    assert event.uid in feed
    assert later.uid in feed
    assert "X-WR-CALNAME:Veranstaltungen: Lichthof\r\n" in feed
    assert (await found(shelf, f"ort-{double}")).moment > before.moment


async def test_composed_feeds_follow_too_through_several_mergers(pool: Pool) -> None:
    first, second, third = [await place(pool, f"Saal {number}") for number in range(3)]
    chosen = Selection(places=(first,), categories=("culture",))
    async with transaction(pool) as opened:
        slug = await compose_feed(opened, ComposeFeed(chosen))
    event = await publish(pool, place_id=first, categories=["culture"])

    await merge(pool, first, second)
    await merge(pool, second, third)

    shelf = Shelf(pool, SITE)
    assert event.uid in await text(shelf, slug)
    assert event.uid in await text(shelf, f"ort-{first}")


async def test_a_process_that_has_not_heard_of_it_yet_sends_no_empty_feed(pool: Pool) -> None:
    """What it knows is older than what it reads."""
    double, kept = await place(pool, "Werkstatt 1"), await place(pool, "Werkstatt")
    event = await publish(pool, place_id=double)
    shelf = Shelf(pool, SITE)
    known = await found(shelf, f"ort-{double}")

    await merge(pool, double, kept)

    body = await shelf.body(known)
    assert event.uid.encode() in body.content
    assert body.moment > known.moment


async def test_the_feed_of_a_merged_organiser_goes_on(pool: Pool) -> None:
    double, kept = await organiser(pool, "Chor e.V."), await organiser(pool, "Chor e. V.")
    event = await publish(pool, organiser_id=double)

    async with transaction(pool) as opened:
        await merge_organisers(opened, MergeOrganisers(double, kept, EDITOR))
    await rewrite(pool)

    assert event.uid in await text(Shelf(pool, SITE), f"veranstalter-{double}")
