"""One system for all journeys of a run, the people who work at it, and its mailbox."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.auth import Role
from tests.journeys import guests, staff
from tests.journeys.browser import Browser, browsing
from tests.journeys.concerts import Cast
from tests.journeys.lists import TOWN
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System


@pytest.fixture(scope="session")
async def system(servers_directory: Path, claim: Callable[[str], None]) -> AsyncIterator[System]:
    """All parts, started once."""
    claim("journeys")
    system = System(servers_directory / "journeys")
    await system.start()
    yield system
    await system.stop()


@pytest.fixture(scope="session")
async def mailbox(system: System) -> AsyncIterator[Mailbox]:
    """What the mail server has taken."""
    mailbox = Mailbox(system.notes.mailbox)
    yield mailbox
    await mailbox.close()


@pytest.fixture(scope="session")
async def planner(system: System) -> AsyncIterator[staff.Planner]:
    """Marlene Voss of the foundation; she lets mails go out as fast as they can."""
    async with staff.signed_in(system.notes.gateway, Role.FOUNDATION) as browser:
        planner = staff.Planner(browser)
        await planner.send_as_fast_as_possible()
        yield planner


@pytest.fixture(scope="session")
async def clerk(system: System) -> AsyncIterator[staff.Clerk]:
    """Jonas Rehfeld of the registry."""
    async with staff.signed_in(system.notes.gateway, Role.CLERK) as browser:
        yield staff.Clerk(browser)


@pytest.fixture(scope="session")
async def doorkeeper(system: System) -> AsyncIterator[staff.Doorkeeper]:
    """Samira Kohlhaas at the door."""
    async with staff.signed_in(system.notes.gateway, Role.DOOR) as browser:
        yield staff.Doorkeeper(browser)


@pytest.fixture(scope="session")
async def citizen(system: System) -> AsyncIterator[guests.Citizen]:
    """Somebody who has subscribed to the calendar."""
    async with browsing(system.notes.gateway) as browser:
        yield guests.Citizen(browser)


@pytest.fixture(scope="session")
async def cast(
    system: System, mailbox: Mailbox, clerk: staff.Clerk, planner: staff.Planner
) -> Cast:
    """A planner and the people of the town, imported once."""
    await clerk.bring(*TOWN.values())
    return Cast(system, mailbox, planner)


@pytest.fixture(scope="session")
async def editor(system: System) -> AsyncIterator[Browser]:
    """Aylin Tannert, who looks after the calendar."""
    async with staff.signed_in(system.notes.gateway, Role.EDITOR) as browser:
        yield browser
