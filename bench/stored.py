"""Measures public pages, the console's search, a feed and memory with 100,000 events stored."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote_plus

import msgspec

from bench.building import build_coldly
from bench.feeds import invent
from bench.figures import Figure, percentile
from bench.load import Load, fire, request
from bench.startup import import_barely, memory
from bench.system import System
from deploy.demo import words
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.site import Site
from services.events.store import events
from shared.auth import Role
from shared.database import Pool, transaction

STORED: Final = 100_000
TOGETHER: Final = 1_000
"""Events of one transaction."""
PAST: Final = timedelta(days=4 * 365)
SPACING: Final = timedelta(minutes=26)
"""Five years of events, one of them to come: a calendar that nobody has ever tidied up."""
CATEGORIES: Final = ("culture", "sport", "family", "seniors", "festivity", "education")
FEED: Final = "participation"
FEED_EVERY: Final = 22
"""So many of those in a feed's window that its feed has about a thousand."""
RARE: Final = "children"
RARE_EVERY: Final = 5_000
"""Whoever looks for the rare must not have to read all that is frequent."""
CONNECTIONS: Final = 4
SECONDS: Final = 8.0
WARMING_SECONDS: Final = 2.0
"""Before it is measured: a process that has just started reads its templates, opens connections."""
LIST_MS: Final = 50
SEARCH_MS: Final = 100
MILLISECONDS: Final = 1_000
ASKED: Final = 200
"""How often the bare statements are asked."""
LISTS: Final = (
    "", "?seite=2", "?seite=9", "?rubrik=kultur", "?rubrik=sport&seite=3", "?zielgruppe=kinder",
)  # fmt: skip
SEARCHES: Final = ("lesung", "lesung 99123", "fliederweg", "probe fliederweg", "gibtesnicht", "an")
"""In titles of thousands, of one, in most descriptions, both, in none, too short for an index."""
TITLES: Final = ("Lesung", "Chorprobe", "Hoffest", "Sprechstunde", "Werkstatt", "Führung")
_SEARCHES: Final = [f"?suche={quote_plus(words)}" for words in SEARCHES]
CONSOLE: Final = "/konsole/termine"
_CONSOLE_QUERIES: Final = ["", "?seite=21", "?zustand=refused", *_SEARCHES]
"""All of them, further than the list counts, in a state that none is in, and what is searched."""
_LIST: Final = """
select * from occurrence join calendar_event using (calendar_event_id)
where starts_at >= now() order by starts_at limit 41
"""
_SEARCH: Final = """
select * from calendar_event where searched like '%lesung 99123%' order by starts limit 41
"""


async def measure(system: System) -> list[Figure]:
    """Store the events, then return the figures of lists, searches, a feed and the memory."""
    site = Site(system.stack.addresses.gateway)
    async with system.pool("events", size=2) as pool:
        stored = await _store(pool, site)
        await system.make_ready()
        bounds = [await _asked(pool, statement) for statement in (_LIST, _SEARCH)]
        built = await build_coldly(pool, site, FEED, f"feed with {STORED:,} events stored")
    editor = await system.staff(Role.EDITOR, system.port("events-api"), "/konsole/gremien")
    pages = [
        await _pages(system, "public list", [_page(one) for one in LISTS], LIST_MS, bounds[0]),
        await _pages(
            system, "public search", [_page(one) for one in _SEARCHES], SEARCH_MS, bounds[1]
        ),
        await _pages(
            system,
            "console's list and search",
            [request("GET", f"{CONSOLE}{one}", editor) for one in _CONSOLE_QUERIES],
            SEARCH_MS,
            bounds[1],
        ),
    ]
    bare = (await import_barely()).resident_mb
    left = [memory(system, part, bare[part]) for part in ("events-api", "events-worker")]
    return [stored, *pages, built, *left]


async def _store(pool: Pool, site: Site) -> Figure:
    """Publish all events, a thousand with each transaction, through what commands use."""
    now = datetime.now(UTC)
    began = time.perf_counter()
    for first in range(0, STORED, TOGETHER):
        async with transaction(pool) as opened:
            ids = await events.new_ids(opened, TOGETHER)
            made = [
                _moved(event, first + number, now)
                for number, event in enumerate(invent(ids, site, now))
            ]
            await keep_events(opened, made, site, now, Deed("draft_event", "Redaktion"))
    seconds = time.perf_counter() - began
    return Figure(what=f"{STORED:,} events stored, {TOGETHER:,} at a time", value=seconds, unit="s")


def _moved(event: CalendarEvent, number: int, now: datetime) -> CalendarEvent:
    """Return an event at its place in the five years, with a title and a category of its own."""
    starts = now.replace(tzinfo=None, minute=0, second=0, microsecond=0) - PAST + number * SPACING
    street = words.STREETS[number % len(words.STREETS)]
    is_in_feed = number % FEED_EVERY == 0
    return msgspec.structs.replace(
        event,
        title=f"{TITLES[number % len(TITLES)]} {street} {number}",
        categories=[FEED if is_in_feed else CATEGORIES[number % len(CATEGORIES)]],
        audiences=[RARE] if number % RARE_EVERY == 0 else [],
        starts=starts,
        ends=starts + timedelta(hours=2),
    )


def _page(query: str) -> bytes:
    return request("GET", f"/termine{query}")


async def _pages(
    system: System, what: str, requests: Sequence[bytes], most_ms: int, bound_ms: float
) -> Figure:
    """Return within how long 99 of 100 pages come, the questions in turns."""
    load = Load(
        port=system.port("events-api"),
        requests=requests,
        connections=CONNECTIONS,
        seconds=SECONDS,
    )
    await fire(msgspec.structs.replace(load, seconds=WARMING_SECONDS))
    before = system.cpu_seconds("events-api")
    result = (await fire(load)).demand(200)
    return Figure(
        what=f"{what} of {STORED:,} events, {CONNECTIONS} connections, p99",
        value=result.p99,
        unit="ms",
        bound=bound_ms,
        bound_is="ms, p99 of one bare statement",
        cpu_ms=(system.cpu_seconds("events-api") - before) * MILLISECONDS / result.count,
        budget=f"≤ {most_ms} ms",
        is_kept=result.p99 <= most_ms,
    )


async def _asked(pool: Pool, statement: str) -> float:
    """Return within how many milliseconds 99 of 100 answers to a bare statement come."""
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await pool.fetch(statement)
        took.append((time.perf_counter() - began) * MILLISECONDS)
    return percentile(took, 0.99)
