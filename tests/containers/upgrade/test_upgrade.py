"""A new version comes and goes again under answers: nobody sees an error, nothing is lost."""

import asyncio
import sys
import time
from typing import Final

import pytest

from tests.containers.composition import THIS_VERSION
from tests.containers.running import COMMIT, EARLIER, EARLIER_VERSION
from tests.containers.system import PROCESSES, ComposedSystem
from tests.containers.watching import Watch, watching
from tests.journeys.concerts import Cast, invite
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import Lists, lists
from tests.journeys.mailbox import Mailbox
from tests.journeys.staff import Clerk, Plan, Planner
from tests.journeys.traffic import Traffic, flowing
from tests.journeys.waiting import eventually

WORDS: Final = ("Pappel", "Ulmen", "Weiden", "Zedern")
EACH: Final = 90
"""Guests by each word; together so many that at this rate nobody answers ten times a minute."""
PLAN: Final = Plan(title="Sommerkonzert der Alleen", volunteer=len(WORDS) * EACH, most_seats=1)
PER_SECOND: Final = 50
MAILS_PER_SECOND: Final = 20
"""What a new system sends, so that the mail server is no part of this."""
ERRORS_IN_A_THOUSAND: Final = 1


@pytest.fixture(scope="module")
async def links(
    system: ComposedSystem, mailbox: Mailbox, clerk: Clerk, planner: Planner
) -> list[str]:
    """The links of all guests of a concert that has a place for each."""
    crowds = [lists(word, EACH) for word in WORDS]
    crowd = Lists(crowds[0].association, tuple(one for each in crowds for one in each.people))
    await clerk.bring(crowd)
    concert = await invite(Cast(system, mailbox, planner), PLAN, crowd)
    await settled(system)
    await planner.browser.open("/konsole/nachrichten")
    given = {"mails_per_second": str(MAILS_PER_SECOND)}
    await planner.browser.press("Tempo ändern", given)
    return [(await concert.invitation(person)).link for person in crowd.people]


async def test_a_version_comes_and_goes_again_under_answers_and_nobody_notices(
    system: ComposedSystem,
    mailbox: Mailbox,
    links: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    composition = system.composition
    began = time.monotonic()
    async with (
        watching(composition.gateway) as watch,
        flowing(composition.gateway, links, PER_SECOND) as guests,
    ):
        await _everybody_has_answered(guests)
        before = _revisions(system)
        await asyncio.to_thread(_bring, system)
        await _everybody_has_answered(guests)
        between = _revisions(system)
        await asyncio.to_thread(_take_turns, system, EARLIER_VERSION)
        await _everybody_has_answered(guests)
        after = _revisions(system)
        seconds = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\n{_figures(watch, guests, seconds)}\n")
    await settled(system)

    assert (before, between, after) == ({EARLIER}, {COMMIT}, {EARLIER})
    assert _errors(watch, guests) <= ERRORS_IN_A_THOUSAND / 1000 * _requests(watch, guests), (
        watch.failures,
        guests.cut_off,
        [one.text for one in guests.refusals],
    )
    told = {program: program.state for program in guests.programs}
    assert {program: await program.standing() for program in guests.programs} == told
    assert set(told.values()) <= {"accepted", "declined"}
    assert await violations(system, mailbox) == []


def _bring(system: ComposedSystem) -> None:
    """Do as the guide says: what is missing in secrets and schemas first, then each process."""
    composition = system.composition
    composition.version = THIS_VERSION
    for job in ("secrets", "migrate", "provision"):
        composition.run("run", "--rm", job)
    _take_turns(system, THIS_VERSION)


def _take_turns(system: ComposedSystem, version: str) -> None:
    """Replace one process after the other, each when the one before is well."""
    composition = system.composition
    composition.version = version
    for process in PROCESSES:
        composition.run("up", "--detach", "--no-build", "--no-deps", process)
        composition.await_health(process)


def _revisions(system: ComposedSystem) -> set[str]:
    """Return the commits that the processes were built from."""
    inspected = [system.composition.inspected(process) for process in PROCESSES]
    return {one["Config"]["Labels"]["org.opencontainers.image.revision"] for one in inspected}


async def _everybody_has_answered(guests: Traffic) -> None:
    """Wait until every guest has answered once more."""
    before = [program.confirmed for program in guests.programs]

    async def answered() -> bool:
        after = [program.confirmed for program in guests.programs]
        return all(later > earlier for earlier, later in zip(before, after, strict=True))

    await eventually(answered, "not everybody has answered")


def _figures(watch: Watch, guests: Traffic, seconds: float) -> str:
    """Say what the system was put to, since no machine is promised to keep up the beat."""
    answered = sum(program.confirmed for program in guests.programs)
    return (
        f"{answered} answers in {seconds:.0f} s, {answered / seconds:.1f} a second; "
        f"{watch.looks} looks at pages; errors: {len(watch.failures)} of pages, "
        f"{len(guests.cut_off)} cut off, {len(guests.refusals)} put off"
    )


def _errors(watch: Watch, guests: Traffic) -> int:
    return len(watch.failures) + len(guests.cut_off) + len(guests.refusals)


def _requests(watch: Watch, guests: Traffic) -> int:
    answered = sum(program.confirmed for program in guests.programs)
    return watch.looks + answered + len(guests.cut_off) + len(guests.refusals)
