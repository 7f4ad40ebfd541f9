"""After any history of edits each feed is what the tables say, under a revision of its own."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.change_place import ChangePlace, change_place
from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.commands.rewrite_events import rewrite_events
from services.events.content import EventTexts
from services.events.feeds import store
from services.events.feeds.shelf import Shelf
from services.events.feeds.standing import Moment
from services.events.feeds.variant import PLAIN, Variant
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.place import Place, PlaceContent
from services.events.selection import Selection, canonical
from services.events.store import events
from services.events.store.places import find_place, places
from shared.database import Pool, open_pool, transaction
from tests.conftest import Database
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, in_days, publish
from tests.events.cityplaces import district, place

Value = TypeVar("Value")
DAYS: Final = st.sampled_from([-31, -30, 0, 3, 364, 366])
"""Around the edges of the window."""
CATEGORIES: Final = st.lists(st.sampled_from(["culture", "sport"]), max_size=2, unique=True)
ACCESS: Final = st.fixed_dictionaries(
    {
        "is_step_free": st.sampled_from([None, False, True]),
        "has_hearing_loop": st.sampled_from([None, False, True]),
        "wheelchair_places": st.sampled_from([None, 0, 2]),
    }
)
"""What the city may know about a place."""
TITLES: Final = st.sampled_from(["Chorprobe", "Skat", "Fest"])
VARIANTS: Final = (PLAIN, Variant(hides_cancelled=True), Variant(is_rich=True))
SELECTIONS: Final = (
    Selection(),
    Selection(categories=("culture",)),
    Selection(districts=("nord",)),
    Selection(is_step_free=True),
    Selection(has_hearing_loop=True),
    Selection(has_wheelchair_places=True, has_hearing_loop=True),
    Selection(categories=("culture", "sport"), districts=("nord",)),
    Selection(categories=("sport",), is_step_free=True),
    Selection(words=("chor",), districts=("nord",)),
    Selection(words=("chor",), hides_cancelled=True),
)


class Calendar(RuleBasedStateMachine):
    """Editors at work, and a process that has been reading since the beginning."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.looks = 0
        """How often all feeds were looked at; each time two more ways to ask for another one."""
        self.events: dict[UUID, CalendarEvent] = {}
        self.seen: dict[tuple[str, Variant], tuple[Moment, bytes]] = {}

    def do(self, work: Coroutine[Any, Any, Value]) -> Value:
        return self.loop.run(work)

    def teardown(self) -> None:
        self.do(self.pool.close())
        self.loop.close()

    @initialize()
    def begin(self) -> None:
        """Begin with an empty calendar, two places and the feeds of all selections."""
        self.do(self._begin())

    async def _begin(self) -> None:
        self.pool: Pool = await open_pool(self.url, application_name="history", size=2)
        await self.pool.execute("delete from calendar_event")
        await self.pool.execute("delete from place")
        await self.pool.execute("delete from district")
        self.places = [
            await place(self.pool, "Nord", in_district=await district(self.pool, "nord")),
            await place(self.pool, "Süd", is_step_free=True, wheelchair_places=1),
        ]
        async with transaction(self.pool) as opened:
            self.slugs = {
                await compose_feed(opened, ComposeFeed(chosen)): chosen for chosen in SELECTIONS
            }
        self.shelf = Shelf(self.pool, SITE)

    @rule(title=TITLES, categories=CATEGORIES, day=DAYS, where=st.sampled_from([None, 0, 1]))
    def publish(self, title: str, categories: list[str], day: int, where: int | None) -> None:
        """An editor publishes an event."""
        given = {"title": title, "categories": categories, "starts": in_days(day)}
        place_id = None if where is None else self.places[where]
        event = self.do(publish(self.pool, place_id=place_id, **given))
        self.events[event.calendar_event_id] = event

    @precondition(lambda self: self.events)
    @rule(data=st.data(), title=TITLES, categories=CATEGORIES)
    def change(self, data: st.DataObject, title: str, categories: list[str]) -> None:
        """An editor changes an event."""
        event = data.draw(st.sampled_from(list(self.events.values())))
        if event.state == "published":
            self.do(self._change(event, title, categories))

    async def _change(self, event: CalendarEvent, title: str, categories: list[str]) -> None:
        texts = msgspec.convert(event, EventTexts, from_attributes=True)
        texts = msgspec.structs.replace(texts, title=title, categories=categories)
        command = ChangeEvent(event.calendar_event_id, event.version, texts, EDITOR)
        async with transaction(self.pool) as opened:
            await self._note(await change_event(opened, command, SITE, datetime.now(UTC)))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), what=st.sampled_from(["cancel", "hide", "move", "delete"]))
    def do_away(self, data: st.DataObject, what: str) -> None:
        """An event is cancelled, no longer public, elsewhere, or gone."""
        event = data.draw(st.sampled_from(list(self.events.values())))
        if event.state == "published":
            self.do(self._do_away(event, what))

    async def _do_away(self, event: CalendarEvent, what: str) -> None:
        now = datetime.now(UTC)
        changes: dict[str, Any] = {"visibility": "unlisted"}
        if what == "move":
            changes = {"place_id": self.places[0], "starts": event.starts + timedelta(days=3)}
            changes["ends"] = changes["starts"] + timedelta(hours=1)
        async with transaction(self.pool) as opened:
            if what == "cancel":
                command = CancelEvent(event.calendar_event_id, event.version, EDITOR)
                await self._note(await cancel_event(opened, command, SITE, now))
            elif what == "delete":
                del self.events[event.calendar_event_id]
                await opened.execute(
                    "delete from calendar_event where calendar_event_id = $1",
                    event.calendar_event_id,
                )
            else:
                after = msgspec.structs.replace(
                    event, version=event.version + 1, sequence=event.sequence + 1,
                    changed_at=now, **changes,
                )  # fmt: skip
                await keep_events(opened, [after], SITE, now, Deed("move_event", EDITOR))
                await self._note(after)

    @rule(name=st.sampled_from(["Nord", "Nordbad", "Haus am Park"]))
    def rename(self, name: str) -> None:
        """The city renames a place."""
        self.do(
            self.pool.execute(
                "update place set name = $1 where place_id = $2", name, self.places[0]
            )
        )

    @rule(where=st.sampled_from([0, 1]), access=ACCESS)
    def correct_access(self, where: int, access: dict[str, Any]) -> None:
        """Somebody has looked at a place; its events follow."""
        self.do(self._correct_access(self.places[where], access))

    async def _correct_access(self, place_id: UUID, access: dict[str, Any]) -> None:
        async with transaction(self.pool) as opened:
            before = await find_place(opened, place_id)
            assert before is not None
            known = msgspec.convert(before, PlaceContent, from_attributes=True)
            known = msgspec.structs.replace(known, **access)
            command = ChangePlace(place_id, before.version, known, EDITOR)
            await change_place(opened, command, datetime.now(UTC))
        async with transaction(self.pool) as opened:
            await rewrite_events(opened, 100, SITE, datetime.now(UTC))
        for after in await self._public():
            if after.version > self.events[after.calendar_event_id].version:
                await self._note(after)

    async def _public(self) -> list[CalendarEvent]:
        async with self.pool.acquire() as connection:
            return await events.public_events(connection, list(self.events))

    @rule(days=st.integers(1, 40))
    def let_days_pass(self, days: int) -> None:
        """The window was moved some days ago, and is moved to today."""
        self.do(self._let_days_pass(days))

    async def _let_days_pass(self, days: int) -> None:
        async with transaction(self.pool) as opened:
            await opened.execute(
                "update feed set window_on = current_date - $1::integer where slug = 'alle'", days
            )
            await opened.execute(
                "select bump_standing_feeds(array(select slug from feed where slug <> 'alle'),"
                " false)"
            )
        await self._look()
        async with transaction(self.pool) as opened:
            await store.move_window(opened)

    @invariant()
    def every_feed_is_what_the_tables_say(self) -> None:
        """Whoever has an older copy is not told that nothing has changed."""
        if hasattr(self, "shelf"):
            self.do(self._look())

    async def _look(self) -> None:
        await self.shelf.refresh()
        fresh = Shelf(self.pool, SITE)
        await fresh.refresh()
        self.looks += 1
        for number, (slug, chosen) in enumerate(self.slugs.items()):
            others = VARIANTS[1:] if number == self.looks % len(self.slugs) else ()
            for variant in (PLAIN, *others):
                await self._compare(fresh, slug, chosen, variant)

    async def _compare(self, fresh: Shelf, slug: str, chosen: Selection, variant: Variant) -> None:
        feed = await self.shelf.look_up(slug)
        afresh = await fresh.look_up(slug)
        assert feed is not None
        assert feed == afresh
        body = await self.shelf.body(feed, variant)
        assert body == await fresh.body(feed, variant)
        assert body.moment == feed.moment
        told = body.content.count(b"\r\nUID:")
        if not variant.is_rich:
            assert told == await self._count(chosen, hides=variant.hides_cancelled)
        before = self.seen.get((slug, variant))
        if before is not None:
            assert body.moment >= before[0]
            assert body.content == before[1] or body.moment > before[0]
        self.seen[slug, variant] = body.moment, body.content

    async def _count(self, chosen: Selection, *, hides: bool) -> int:
        """Count in Python what the feed has to hold."""
        async with self.pool.acquire() as connection:
            window_on = await store.window(connection)
            halls = {each.place_id: each for each in await places(connection)}
        first, last = window_on - timedelta(days=30), window_on.replace(year=window_on.year + 1)
        wanted = canonical(chosen)
        return sum(
            event.visibility == "public"
            and first <= event.starts.date() < last
            and (not wanted.categories or bool(set(wanted.categories) & set(event.categories)))
            and (not wanted.districts or event.place_id == self.places[0])
            and meets(halls.get(event.place_id) if event.place_id else None, wanted)
            and all(word in event.title.lower() for word in wanted.words)
            and not ((hides or wanted.hides_cancelled) and event.state == "cancelled")
            for event in await self._public()
        )

    async def _note(self, after: CalendarEvent) -> None:
        """Remember an event; what people see of it may only change with its SEQUENCE."""
        before = self.events[after.calendar_event_id]
        assert after == before or after.sequence > before.sequence
        self.events[after.calendar_event_id] = after


def meets(hall: Place | None, wanted: Selection) -> bool:
    """Say whether an event may be at this place; nobody knows how accessible other places are."""
    met = (
        hall is not None and hall.is_step_free is True,
        hall is not None and hall.has_hearing_loop is True,
        hall is not None and (hall.wheelchair_places or 0) > 0,
    )
    needed = wanted.is_step_free, wanted.has_hearing_loop, wanted.has_wheelchair_places
    return all(has for has, is_needed in zip(met, needed, strict=True) if is_needed)


async def test_after_any_history_the_feeds_are_what_the_tables_say(database: Database) -> None:
    Calendar.url = database.url("events")
    bounded = settings(
        max_examples=8, stateful_step_count=8, deadline=None, phases=[Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    await asyncio.to_thread(run, Calendar, settings=bounded)

    assert Calendar.url
