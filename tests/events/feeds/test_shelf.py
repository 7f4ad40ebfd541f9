"""Ready bodies are made once and kept as long as they are the newest."""

import asyncio

from services.events.feeds.shelf import Shelf
from shared.database import Pool
from tests.events.calendars import SITE, publish


async def test_a_body_is_rendered_once_however_many_ask(pool: Pool) -> None:
    await publish(pool)
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    feed = shelf.find("alle")
    assert feed is not None

    bodies = await asyncio.gather(*(shelf.body(feed) for _ in range(20)))

    assert len({id(body) for body in bodies}) == 1
    assert await shelf.body(feed) is bodies[0]


async def test_one_reader_that_leaves_does_not_take_the_body_from_the_others(pool: Pool) -> None:
    await publish(pool)
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    feed = shelf.find("alle")
    assert feed is not None
    leaving = asyncio.create_task(shelf.body(feed))
    staying = asyncio.create_task(shelf.body(feed))
    await asyncio.sleep(0)

    leaving.cancel()

    assert (await staying).moment == feed.moment


async def test_a_newer_revision_replaces_the_body(pool: Pool) -> None:
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    before = shelf.find("alle")
    assert before is not None
    old = await shelf.body(before)

    event = await publish(pool)
    await shelf.refresh()
    after = shelf.find("alle")

    assert after is not None
    assert after.moment > before.moment
    assert event.uid.encode() not in old.content
    assert event.uid.encode() in (await shelf.body(after)).content


async def test_a_feed_that_is_not_there_is_none(pool: Pool) -> None:
    shelf = Shelf(pool, SITE)
    await shelf.refresh()

    assert shelf.find("quatsch") is None
    assert await shelf.look_up("k-aaaaaaaaaaaaaaaa") is None
