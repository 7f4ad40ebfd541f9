"""Messages are read beside this process, and one that costs too much costs only itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from services.events.ingest.child import guarded
from services.events.ingest.item import Incoming, Item, Read
from services.events.ingest.reading import read
from services.events.ingest.reasons import Refusal
from services.events.ingest.sandbox import MOST_MESSAGES, Sandbox
from tests.events.builders import calendar, incoming, plain, vevent
from tests.events.ingest.children import children_of_this_process
from tests.waiting import until


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    opened = Sandbox(children=1)
    yield opened
    await opened.close()


def costly() -> Incoming:
    """Rules that never come true: each is searched for until the year 9999."""
    rule = "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=31"
    return incoming(
        [plain(id=str(number), starts="2026-01-03", recurrence=rule) for number in range(20)]
    )


def child_of_this_process() -> int:
    [child] = children_of_this_process()
    return child


def environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def limits_of(process: int) -> dict[str, list[str]]:
    """Return by name the soft and the hard limit of a process."""
    rows = Path(f"/proc/{process}/limits").read_text().splitlines()
    return {row[:25].strip(): row[25:].split()[:2] for row in rows}


def is_running(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


async def test_messages_are_answered_in_their_order(sandbox: Sandbox) -> None:
    messages = [incoming(plain(id=str(number))) for number in range(200)]

    outcomes = await sandbox.read(messages)

    assert [item.key for [item] in outcomes] == [str(number) for number in range(200)]


async def test_json_and_calendars_come_back_whole(sandbox: Sandbox) -> None:
    [[first], [second]] = await sandbox.read(
        [incoming(plain()), incoming(calendar(vevent()), "text/calendar")]
    )

    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert first.content.starts == second.content.starts
    assert second.modified_at is not None


async def test_everything_that_a_calendar_can_say_comes_back_as_it_was_read(
    sandbox: Sandbox,
) -> None:
    """Numbers, times and texts of icalendar are of classes of their own."""
    one = {"RECURRENCE-ID;TZID=Europe/Berlin": "20260919T193000", "SEQUENCE": "8"}
    body = calendar(
        vevent(
            *("SEQUENCE:7", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;COUNT=9", "GEO:51;13"),
            *("EXDATE;TZID=Europe/Berlin:20261003T193000", "CATEGORIES:Kultur", "LOCATION:Saal"),
            *("RDATE;TZID=Europe/Berlin:20261004T193000", "URL:https://example.org/"),
            *("LAST-MODIFIED:20260701T080000Z", "DESCRIPTION:Mit Musik", "STATUS:CONFIRMED"),
        ),
        vevent(**one),
        vevent(UID="alone", **one),
    )
    sent = incoming(body, "text/calendar")

    [outcomes] = await sandbox.read([sent])

    assert outcomes == read(sent)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Item", "SeriesChange"]


async def test_a_child_that_dies_takes_nobody_with_it(sandbox: Sandbox) -> None:
    await sandbox.read([incoming(plain())])
    os.kill(child_of_this_process(), signal.SIGKILL)

    outcomes = await sandbox.read([incoming(plain()), incoming(plain(id="2"))])

    assert [item.key for [item] in outcomes] == ["2026-17", "2"]


async def test_a_message_that_costs_too_much_is_refused_alone(sandbox: Sandbox) -> None:
    [[first], [refused], [third]] = await sandbox.read(
        [incoming(plain()), costly(), incoming(plain(id="3"))]
    )

    assert isinstance(refused, Refusal)
    assert refused.reason == "took_too_long"
    assert (first.key, third.key) == ("2026-17", "3")


@pytest.mark.parametrize(
    ("mistake", "reason"),
    [(MemoryError, "took_too_much_memory"), (RecursionError, "not_read"), (KeyError, "not_read")],
)
def test_a_reader_that_fails_says_why(
    mistake: type[Exception], reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def reader(sent: Incoming) -> list[Read]:
        raise mistake(sent.body)

    [refused] = guarded(reader, incoming(plain(title="Geheim")))

    assert isinstance(refused, Refusal)
    assert refused.reason == reason
    assert "Geheim" not in capfd.readouterr().err


async def test_a_message_whose_readers_all_die_is_not_said_to_take_long(sandbox: Sandbox) -> None:
    reading = asyncio.create_task(sandbox.read([costly()]))
    while not reading.done():
        for child in children_of_this_process():
            with suppress(ProcessLookupError):  # it may just have ended by itself
                os.kill(child, signal.SIGKILL)
        await asyncio.sleep(0)

    [[refused]] = await reading
    assert isinstance(refused, Refusal)
    assert refused.reason == "not_read"


async def test_the_child_knows_none_of_our_secrets(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EHRENSACHE_DATABASE_URL", "postgres://secret")
    await sandbox.read([incoming(plain())])

    assert b"EHRENSACHE" not in environment_of(child_of_this_process())


async def test_a_child_may_use_half_a_gigabyte_and_leaves_no_core(sandbox: Sandbox) -> None:
    await sandbox.read([incoming(plain())])

    limits = limits_of(child_of_this_process())
    assert limits["Max address space"] == [str(512 * 1024 * 1024)] * 2
    assert limits["Max core file size"] == ["0", "0"]


async def test_a_child_that_has_read_much_is_replaced(sandbox: Sandbox) -> None:
    await sandbox.read([incoming(plain())])
    first = child_of_this_process()

    await sandbox.read([incoming(plain(id=str(number))) for number in range(MOST_MESSAGES)])

    # Another one runs already: whoever is read next does not wait for it.
    assert child_of_this_process() != first
    assert not is_running(first)


async def test_whoever_ends_a_child_waits_for_the_next_one(sandbox: Sandbox) -> None:
    await sandbox.read([incoming(plain())])
    first = child_of_this_process()

    await sandbox.read([costly()])

    assert child_of_this_process() != first


async def test_children_run_before_the_first_message_comes() -> None:
    opened = Sandbox(children=2)

    await opened.warm()
    before = children_of_this_process()
    await opened.read([incoming(plain())])

    assert len(before) == 2
    assert children_of_this_process() == before
    await opened.close()


async def test_a_child_whose_start_was_not_waited_for_answers_the_next_question(
    sandbox: Sandbox,
) -> None:
    warming = asyncio.create_task(sandbox.warm())
    await until(children_of_this_process)
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming

    [[item]] = await sandbox.read([incoming(plain())])

    assert isinstance(item, Item)
    assert warming.cancelled()


async def test_a_child_runs_again_whose_reader_was_called_off_or_that_was_killed(
    sandbox: Sandbox,
) -> None:
    """Of several the one that was used last is taken next."""
    reading = asyncio.create_task(sandbox.read([costly()]))
    await until(children_of_this_process)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    called_off = children_of_this_process()

    await sandbox.warm()
    second = child_of_this_process()
    os.kill(second, signal.SIGKILL)
    await until(lambda: not is_running(second))
    await sandbox.warm()

    assert called_off == []
    assert child_of_this_process() != second


@pytest.fixture
async def impatient() -> AsyncIterator[Sandbox]:
    opened = Sandbox(children=1, patient_seconds=0.5, share_seconds=0.0)
    yield opened
    await opened.close()


async def child_that_stands_back(opened: Sandbox) -> int:
    """Return a child that runs only where nobody else needs the processor, once it has got one."""
    for _ in range(50):
        await opened.warm()
        child = child_of_this_process()
        if os.sched_getscheduler(child) == os.SCHED_IDLE:
            return child
    raise AssertionError("no child stands back")


async def test_a_child_that_may_not_stand_back_reads_all_the_same(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", forbidden)

    [[item]] = await sandbox.read([incoming(plain())])

    assert isinstance(item, Item)
    assert os.sched_getscheduler(child_of_this_process()) == os.SCHED_OTHER


async def test_a_child_without_a_processor_is_no_fault_of_its_message(impatient: Sandbox) -> None:
    starved = await child_that_stands_back(impatient)
    os.kill(starved, signal.SIGSTOP)

    [[item]] = await impatient.read([incoming(plain())])

    has_a_share = child_of_this_process()
    assert isinstance(item, Item)
    assert has_a_share != starved
    assert os.sched_getscheduler(has_a_share) == os.SCHED_OTHER


async def test_a_child_that_had_its_share_for_long_stands_back_again(impatient: Sandbox) -> None:
    os.kill(await child_that_stands_back(impatient), signal.SIGSTOP)
    await impatient.read([incoming(plain())])
    had_a_share = child_of_this_process()

    assert await child_that_stands_back(impatient) != had_a_share


async def test_a_child_that_cannot_even_start_beside_others_gets_a_share() -> None:
    opened = Sandbox(children=1, patient_seconds=0.0)

    await opened.warm()

    assert os.sched_getscheduler(child_of_this_process()) == os.SCHED_OTHER
    await opened.close()


async def test_who_comes_after_a_child_that_had_a_share_stands_back(
    impatient: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(await child_that_stands_back(impatient), signal.SIGSTOP)
    await impatient.read([incoming(plain())])
    has_a_share, set_back = child_of_this_process(), list[int]()
    monkeypatch.setattr(os, "sched_setscheduler", lambda process, *_: set_back.append(process))

    await impatient.read([costly()])

    assert set_back
    assert has_a_share not in set_back


async def test_no_child_is_left_behind() -> None:
    opened = Sandbox(children=1)
    await opened.read([incoming(plain())])
    child = child_of_this_process()

    await opened.close()

    assert not is_running(child)
