"""Ready bodies are kept within bounds, and never an older one for a newer one."""

import pytest

from services.events.feeds.bodies import Bodies, Body, Key
from services.events.feeds.standing import Moment
from tests.events.builders import NOW


class Kitchen:
    """Makes bodies of ten bytes, and counts them."""

    def __init__(self, most_bytes: int = 30) -> None:
        self.made = 0
        self.bodies = Bodies(most_bytes)

    async def ask(self, slug: str, revision: int = 1, *, fails: bool = False) -> Body:
        async def make() -> Body:
            self.made += 1
            if fails:
                raise LookupError(slug)
            return Body(Moment(revision, NOW), b"x" * 10)

        return await self.bodies.newest(Key(slug), Moment(revision, NOW), make)


async def test_those_used_last_are_kept_up_to_the_bound() -> None:
    kitchen = Kitchen()
    for slug in ("a", "b", "c", "a", "d"):
        await kitchen.ask(slug)
    before = kitchen.made

    for slug in ("a", "c", "d"):
        await kitchen.ask(slug)
    kept = kitchen.made
    await kitchen.ask("b")

    assert (before, kept, kitchen.made) == (4, 4, 5)


async def test_a_replaced_body_no_longer_counts() -> None:
    kitchen = Kitchen()
    for revision in range(1, 9):
        await kitchen.ask("a", revision)
    await kitchen.ask("b")
    made = kitchen.made

    await kitchen.ask("a", 8)
    await kitchen.ask("b")

    assert kitchen.made == made


async def test_an_older_wish_gets_the_newer_body() -> None:
    kitchen = Kitchen()
    newer = await kitchen.ask("a", 5)

    assert await kitchen.ask("a", 3) is newer
    assert kitchen.made == 1


async def test_a_body_that_could_not_be_made_is_tried_again() -> None:
    kitchen = Kitchen()
    with pytest.raises(LookupError):
        await kitchen.ask("a", fails=True)

    assert (await kitchen.ask("a")).content == b"x" * 10
    assert kitchen.made == 2


async def test_one_body_larger_than_the_bound_is_still_kept() -> None:
    kitchen = Kitchen(most_bytes=5)
    first = await kitchen.ask("a")

    assert await kitchen.ask("a") is first
