"""A running api of events with a calendar of nasty events, for programs that come over HTTP."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import msgspec
import pytest

from deploy.local.clients import MISSING, has_libical, program
from deploy.postgres import roles
from services.events.commands.add_picture import AddPicture, add_picture
from services.events.content import ChangedDate
from services.events.images.picture import Drawn, PictureWords
from services.events.model import CalendarEvent
from shared.database import Pool, transaction
from tests.conftest import ROOT, TEMPLATE, Database, Migrated
from tests.events.calendars import SITE, cancel, in_days, publish
from tests.events.cityplaces import place
from tests.events.images.files import picture
from tests.visitor import STAFF_PUBLIC_KEY
from tests.waiting import until

NASTY: Final[list[dict[str, Any]]] = [
    {"title": "Zeile\u2028bricht", "description": "SOH \x01 VT \x0b FS \x1c BOM \ufeff DEL \x7f"},
    {"title": "Ende; Komma, Strich \\ C:\\New", "description": "Absatz\r\n\r\nneu\rund alt"},
    {"title": "ü" * 200, "description": "日本語 🎻 " * 300},
    {"title": 'Saal "Eins": ^ ^^', "organiser": 'Verein "Wir, ihr; alle"'},
    {"title": "Falle", "description": "END:VCALENDAR\r\nMETHOD:PUBLISH\r\nUID:1"},
    {"title": "Ganztags", "all_day": True, "starts": in_days(5, 0), "ends": in_days(7, 0)},
    {"title": "Ohne Ende", "ends": None},
    {"title": "Anderswo", "zone": "America/New_York"},
    {"title": "Ohne Regel", "zone": "Africa/Casablanca"},
]

RICH: Final[dict[str, Any]] = {
    "description": "Mit **Musik**, Kaffee\n\n- Kuchen\n- Tee; [Karte](https://example.de/a?b=c&d=e)",
    "organiser": 'Chor "Quer" & Co',
}


class Served(msgspec.Struct, frozen=True):
    """Where the feeds are, and what stands in them."""

    origin: str
    events: list[CalendarEvent]
    series: CalendarEvent
    cancelled: CalendarEvent
    monday: datetime
    """When the series starts."""
    pictured: CalendarEvent
    """Has a picture and a description with marks, which the rich profile shows."""

    def url(self, query: str = "") -> str:
        """Return where the feed of everything is."""
        return f"{self.origin}/kalender/alle.ics{query}"


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    """The programs; `make test-clients` installs them where it may."""
    if not has_libical() or not program("khal").is_file():
        pytest.fail(MISSING)


@pytest.fixture(scope="session")
async def served(postgres: Migrated) -> AsyncIterator[Served]:
    """The api as it is shipped, on a free port."""
    name = f"clients_{uuid4().hex}"
    await roles.clone(postgres.server.superuser_url(), TEMPLATE, name)
    database = Database(name, postgres)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "EHRENSACHE_DATABASE_URL": database.url("events"),
        "EHRENSACHE_NATS_URL": "nats://127.0.0.1:9",
        "EHRENSACHE_PUBLIC_URL": origin,
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": STAFF_PUBLIC_KEY,
        "EHRENSACHE_HTTP_PORT": str(port),
    }
    calendar = await _fill(database, origin)
    command = [sys.executable, "-m", "services.events", "api"]
    api = await asyncio.create_subprocess_exec(*command, env=environment, cwd=ROOT)
    try:
        await until(lambda: _answers(calendar.url()))
        yield calendar
    finally:
        api.terminate()
        await api.wait()


async def _fill(database: Database, origin: str) -> Served:
    monday = in_days(9)
    moves = [monday + timedelta(days=7), monday + timedelta(days=14)]
    async with database.pool("events", size=2) as pool:
        hall = await place(pool, 'Saal "Süd", 1. Stock; links', is_step_free=True)
        events = [await publish(pool, **nasty) for nasty in NASTY]
        events.append(await publish(pool, title="Bekannter Ort", place_id=hall, price="5 Euro"))
        pictured = await _with_picture(pool, await publish(pool, title="Chor im Park", **RICH))
        cancelled = await cancel(pool, await publish(pool, title="Sommerfest"))
        series = await publish(
            pool, title="Serie", starts=monday, recurrence="FREQ=WEEKLY;COUNT=30",
            excluded=[monday + timedelta(days=21)],
            changed=[ChangedDate(original=moves[0], starts=moves[0] + timedelta(hours=1)),
                     ChangedDate(original=moves[1], starts=moves[1], is_cancelled=True)],
        )  # fmt: skip
    every = [*events, pictured, cancelled, series]
    return Served(origin, every, series, cancelled, monday, pictured)


async def _with_picture(pool: Pool, event: CalendarEvent) -> CalendarEvent:
    """Give an event a picture, as its editor would."""
    drawn = Drawn(media_type="image/webp", width=640, height=480, body=picture("WEBP"))
    words = PictureWords(alt='Ein "Chor"; alle singen', licence="cc-by-4.0", credit="Kim Muster")
    command = AddPicture(event.calendar_event_id, event.version, drawn, words, "Redaktion")
    async with transaction(pool) as opened:
        return await add_picture(opened, command, SITE, datetime.now(UTC))


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker, compiled against the machine's libical."""
    built = tmp_path_factory.mktemp("checker") / "checker"
    source = Path(__file__).with_name("checker.c")
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libical"],  # noqa: S607 - the machine's own
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    command = ["cc", "-Wall", "-Wextra", "-Werror", "-o", str(built), str(source), *flags]
    subprocess.run(command, check=True)
    return built
