"""One system and one browser for all tests of this folder, and the people who sit at windows."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from playwright.async_api import Browser, async_playwright, expect

from deploy.local.chromium import MISSING, find
from deploy.local.openid.people import DEMO_PEOPLE
from shared.auth import Role
from tests.browser.window import Window, window
from tests.journeys import staff
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.lists import Lists, lists
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System

ARGUMENTS: Final = ("--no-sandbox", "--disable-dev-shm-usage")
PATIENCE_MILLISECONDS: Final = 20_000
GUESTS: Final = lists("Birken", 6)
"""Invited to the concert that guests and door staff share; each test has a guest of its own."""
OTHERS: Final = lists("Eichen", 2)
"""Nobody has invited them yet."""

Visit: TypeAlias = Callable[..., AbstractAsyncContextManager[Window]]


@pytest.fixture(scope="session")
async def system(servers_directory: Path, claim: Callable[[str], None]) -> AsyncIterator[System]:
    """All parts, started once."""
    claim("browser")
    system = System(servers_directory / "browser")
    await system.start()
    yield system
    await system.stop()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; `make test` installs one where it may."""
    found = find()
    if found is None:
        pytest.fail(MISSING)
    return found


@pytest.fixture(scope="session")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    """A browser without a screen."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=list(ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def visit(system: System, chromium: Browser) -> Visit:
    """A way to open a window in which nobody is signed in."""

    def opened(*, runs_scripts: bool = True) -> AbstractAsyncContextManager[Window]:
        origins = (system.notes.gateway, system.notes.openid)
        return window(chromium, origins, runs_scripts=runs_scripts)

    return opened


@pytest.fixture(scope="session")
def sit(visit: Visit) -> Visit:
    """A way to open a window at which somebody with a role sits."""

    @asynccontextmanager
    async def signed_in(role: Role, *, runs_scripts: bool = True) -> AsyncIterator[Window]:
        async with visit(runs_scripts=runs_scripts) as opened:
            await sign_in(opened, role)
            yield opened

    return signed_in


async def sign_in(window: Window, role: Role) -> None:
    """Pick the demo person with this role on the sign-in page."""
    person = next(one for one in DEMO_PEOPLE if one.role == role)
    await window.open("/anmelden")
    await window.press(window.page.get_by_role("button", name=person.name))


@pytest.fixture(scope="session")
async def mailbox(system: System) -> AsyncIterator[Mailbox]:
    """What the mail server has taken."""
    mailbox = Mailbox(system.notes.mailbox)
    yield mailbox
    await mailbox.close()


@pytest.fixture(scope="session")
async def cast(system: System, mailbox: Mailbox) -> AsyncIterator[Cast]:
    """A planner, and the people whom the tests are about."""
    gateway = system.notes.gateway
    async with (
        staff.signed_in(gateway, Role.CLERK) as clerk,
        staff.signed_in(gateway, Role.FOUNDATION) as planner,
    ):
        await staff.Clerk(clerk).bring(GUESTS, OTHERS)
        yield Cast(system, mailbox, staff.Planner(planner))


@pytest.fixture(scope="session")
async def concert(cast: Cast) -> Concert:
    """A concert to which everybody in `GUESTS` is invited."""
    await cast.planner.send_as_fast_as_possible()
    return await invite(cast, staff.Plan(title="Birkenkonzert"), GUESTS)


@pytest.fixture(scope="session")
async def admitting(cast: Cast, concert: Concert) -> Concert:
    """The same concert, with its doors open."""
    await cast.planner.open_admission(concert.path)
    return concert


@pytest.fixture(scope="session")
def uninvited() -> Lists:
    """An association whose people nobody has proposed."""
    return OTHERS
