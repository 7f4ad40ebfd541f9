"""Loads the made-up city into a running system, on the same ways as people and partners do."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from deploy.demo import calendar_loading, concert_loading, course_loading, partner_loading
from deploy.demo.files import write_city
from deploy.demo.generate import generate_city
from services.events.site import Site
from services.registry.columns import Kind
from services.registry.imports.commands.start_import import StartImport
from services.registry.imports.model import Import
from services.registry.imports.work import import_file
from services.registry.model import Actor
from shared.database import Pool, open_pool

LOADER = Actor(subject="operator:demo", name="Demodaten")
KINDS: tuple[Kind, ...] = ("organisations", "people", "engagements")

Tell = Callable[[str, float], None]
"""Is told what is being loaded and how far it is, 0 to 100."""


class DemoRefused(RuntimeError):
    """The city cannot be loaded; the message says why."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The system to load into."""

    registry_url: str
    """Where registry's own role reaches the database."""
    recognition_url: str
    """Likewise recognition's."""
    events_url: str
    """Likewise events'."""
    public_url: str
    """Under which the calendar's entries are reached."""
    environment: dict[str, str]
    """Variables with which the command `ehrensache` finds the system."""
    nats_url: str
    folder: Path
    """Where the city's files are kept; those of an earlier load are used again."""


async def load_city(target: Target, tell: Tell) -> list[Import]:
    """Import the lists, plan the concert, enter calendar and courses, publish partners' events.

    What is there already is left as it is, so a load that was cut short is simply repeated.

    Returns:
        What came of the lists, in the order of KINDS.

    Raises:
        DemoRefused: names what was refused and why.
    """
    files = _files(target.folder)
    registry = await open_pool(target.registry_url, application_name="demo", size=3)
    try:
        imports = [
            await _import(registry, kind, file, tell)
            for kind, file in zip(KINDS, files, strict=False)
        ]
        plan = msgspec.json.decode(files[3].read_bytes(), type=concert_loading.Plan)
        numbers = await concert_loading.ids_of(registry, plan)
    finally:
        await registry.close()
    recognition = await open_pool(target.recognition_url, application_name="demo", size=2)
    try:
        await concert_loading.load_concert(recognition, plan, numbers, tell)
    finally:
        await recognition.close()
    await _load_events(target, tell)
    for number, file in enumerate(files[4:]):
        tell("events of partners", 100 * number / len(files[4:]))
        await partner_loading.publish(target.environment, target.nats_url, file)
    tell("events of partners", 100)
    return imports


async def _load_events(target: Target, tell: Tell) -> None:
    events = await open_pool(target.events_url, application_name="demo", size=2)
    try:
        tell("calendar and courses", 0)
        await calendar_loading.load_calendar(events, Site(target.public_url))
        tell("calendar and courses", 50)
        await course_loading.load_courses(events, Site(target.public_url))
        tell("calendar and courses", 100)
    finally:
        await events.close()


def _files(folder: Path) -> list[Path]:
    """Return the city's files, which are written at the first load."""
    kept = folder / "files.json"
    if not kept.exists():
        written = write_city(generate_city(date.today()), folder)  # noqa: DTZ011 - this machine's
        kept.write_bytes(msgspec.json.encode([str(file) for file in written]))
    return [Path(file) for file in msgspec.json.decode(kept.read_bytes(), type=list[str])]


async def _import(pool: Pool, kind: Kind, file: Path, tell: Tell) -> Import:
    content = await asyncio.to_thread(file.read_bytes)
    start = StartImport(kind=kind, file_name=file.name, content=content, by=LOADER)
    ended = await import_file(pool, start, lambda job: tell(kind, job.percent))
    if ended.state != "imported":
        raise DemoRefused(f"{file.name}: {ended.problem or ended.state}")
    return ended
