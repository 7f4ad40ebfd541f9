"""Measures the calendar feed of a thousand events beside static files of the same server."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from bench.building import build_coldly
from bench.figures import Figure
from bench.load import Load, fetch, fire, request
from bench.system import System, until
from deploy.demo import words
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.site import Site
from services.events.store import events
from shared.database import transaction
from shared.web.static import Asset, shipped_assets

EVENTS = 1_000
CONNECTIONS = 16
ROUNDS = 3
SECONDS = 1.5
FEED = "/kalender/umwelt.ics"
CATEGORY = "nature"
STATIC = ("vendor/kern.min.css", "vendor/htmx.min.js")
GZIP = {"Accept-Encoding": "gzip"}
SHARE = 0.8
UNCHANGED_PER_SECOND = 5_000
WORDS_EACH = 34
"""Makes descriptions of about 430 characters."""


class Asked(msgspec.Struct, frozen=True):
    """What is asked for again and again."""

    path: str
    headers: Mapping[str, str]
    status: int = 200


class Best(msgspec.Struct, frozen=True):
    """The best of several rounds."""

    rate: float
    cpu_ms: float
    kilobytes: float


async def measure(system: System) -> list[Figure]:
    """Return how fast the feed is sent whole, packed, and not at all where nothing changed."""
    await _publish(system)
    site = Site(system.stack.addresses.gateway)
    async with system.pool("events", size=1) as pool:
        built = await build_coldly(pool, site, CATEGORY, "feed")
    return [
        built,
        await _beside(system, "whole", {}),
        await _beside(system, "gzip", GZIP),
        await _unchanged(system),
    ]


async def _publish(system: System) -> None:
    """Publish a thousand events with one transaction, and wait until the feed has them."""
    site = Site(system.stack.addresses.gateway)
    now = datetime.now(UTC)
    async with system.pool("events", size=1) as pool, transaction(pool) as opened:
        ids = await events.new_ids(opened, EVENTS)
        await keep_events(
            opened, invent(ids, site, now), site, now, Deed("draft_event", "Redaktion")
        )

    async def is_there() -> bool:
        body = (await fetch(system.port("events-api"), FEED)).last_body
        return body.count(b"BEGIN:VEVENT") == EVENTS

    await until(is_there, "the feed has not all events")


def invent(ids: Sequence[UUID], site: Site, now: datetime) -> list[CalendarEvent]:
    """Invent events for the next months, one after the other."""
    dice = random.Random(EVENTS)  # noqa: S311 - invented texts
    vocabulary = [*words.STREETS, *words.FAMILIES, *words.DISTRICTS]
    first = now.replace(hour=18, minute=0, second=0, microsecond=0, tzinfo=None)
    return [
        CalendarEvent(
            calendar_event_id=calendar_event_id,
            uid=site.uid(calendar_event_id),
            state="published",
            title=f"Pflanzaktion {dice.choice(vocabulary)}",
            description=" ".join(dice.choices(vocabulary, k=WORDS_EACH)) + ".",
            place_name=f"Treffpunkt {dice.choice(words.STREETS)}",
            place_address=f"{dice.choice(words.STREETS)} 7, 01067 {words.TOWN}",
            organiser=f"Grüne Gruppe {dice.choice(list(words.DISTRICTS))}",
            categories=[CATEGORY],
            starts=first + timedelta(hours=100 + 8 * number),
            ends=first + timedelta(hours=102 + 8 * number),
            created_at=now,
            changed_at=now,
        )
        for number, calendar_event_id in enumerate(ids)
    ]


async def _beside(system: System, how: str, headers: Mapping[str, str]) -> Figure:
    """Compare the feed with the static file that is nearest in size."""
    size = len((await fetch(system.port("events-api"), FEED, headers)).last_body)
    file = min(STATIC, key=lambda name: abs(len(_asset(name).body) - size))
    ours, bare = await _best(
        system, Asked(FEED, headers), Asked(f"/static/{file}?v={_asset(file).version}", headers)
    )
    share = ours.rate / bare.rate
    return Figure(
        what=f"feed of {EVENTS:,} events, {how} ({ours.kilobytes:.0f} kB)",
        value=ours.rate,
        unit="/s",
        bound=bare.rate,
        bound_is=f"/s, static {file.rpartition('/')[2]} ({bare.kilobytes:.0f} kB)",
        cpu_ms=ours.cpu_ms,
        budget=f"≥ {SHARE}",
        is_kept=share >= SHARE,
    )


async def _unchanged(system: System) -> Figure:
    port = system.port("events-api")
    static = f"/static/{STATIC[0]}"
    tags = [(await fetch(port, path)).header("etag") for path in (FEED, static)]
    ours, bare = await _best(
        system,
        Asked(FEED, {"If-None-Match": tags[0]}, 304),
        Asked(static, {"If-None-Match": tags[1]}, 304),
    )
    return Figure(
        what="feed, not modified (304), one process",
        value=ours.rate,
        unit="/s",
        bound=bare.rate,
        bound_is="/s, 304 of a static file",
        cpu_ms=ours.cpu_ms,
        budget=f"≥ {UNCHANGED_PER_SECOND:,}/s",
        is_kept=ours.rate >= UNCHANGED_PER_SECOND,
    )


async def _best(system: System, ours: Asked, bare: Asked) -> tuple[Best, Best]:
    """Ask for both in turns, so that what else the machine does meets both alike."""
    rounds = [(await _round(system, ours), await _round(system, bare)) for _ in range(ROUNDS)]
    best_ours, best_bare = (
        max(one, key=lambda best: best.rate) for one in zip(*rounds, strict=True)
    )
    return best_ours, best_bare


async def _round(system: System, asked: Asked) -> Best:
    before = system.cpu_seconds("events-api")
    load = Load(
        port=system.port("events-api"),
        requests=[request("GET", asked.path, asked.headers)],
        connections=CONNECTIONS,
        seconds=SECONDS,
    )
    result = (await fire(load)).demand(asked.status)
    cpu_ms = (system.cpu_seconds("events-api") - before) * 1_000 / result.count
    return Best(result.rate, cpu_ms, len(result.last_body) / 1_000)


def _asset(name: str) -> Asset:
    found = shipped_assets().find(name)
    if found is None:
        raise FileNotFoundError(name)
    return found
