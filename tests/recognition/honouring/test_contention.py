"""Work that loses a race is done again, a few times, and then given up without a trace."""

import pytest

from services.recognition.honouring.contention import (
    RETRIES,
    MustStandInLine,
    TooBusy,
    patiently,
)
from services.recognition.honouring.refused_answers import EventBegun
from services.recognition.honouring.store import waiting
from shared.database import Connection, Pool, transaction
from tests.recognition.honouring.crowd import crowd
from tests.recognition.honouring.guests import read


async def test_who_hoped_in_vain_stands_in_line_the_next_time(pool: Pool) -> None:
    seen: list[bool] = []

    async def work(opened: Connection, *, in_line: bool) -> str:  # noqa: ARG001 - the protocol's name
        seen.append(in_line)
        if not in_line:
            raise MustStandInLine
        return "done"

    assert await patiently(pool, work) == "done"
    assert seen == [False, True]


async def test_who_waits_too_long_each_time_is_told_and_nothing_is_kept(pool: Pool) -> None:
    event_id, (guest, _) = await crowd(pool, 2, seats=1)
    attempts = 0

    async def work(opened: Connection, *, in_line: bool) -> None:
        nonlocal attempts
        attempts += 1
        assert not in_line
        await opened.execute("set local lock_timeout = '10ms'")
        await opened.execute("update invitation set version = 9 where invitation_id = $1", guest)
        await waiting.lock_queue(opened, event_id)

    async with transaction(pool) as busy:
        await waiting.lock_queue(busy, event_id)
        with pytest.raises(TooBusy):
            await patiently(pool, work)

    async with pool.acquire() as connection:
        assert (await read(connection, guest)).invitation.version == 1
    assert attempts == 1 + RETRIES


async def test_a_refusal_is_not_tried_again(pool: Pool) -> None:
    attempts = 0

    async def work(opened: Connection, *, in_line: bool) -> None:  # noqa: ARG001 - likewise
        nonlocal attempts
        attempts += 1 + in_line
        raise EventBegun

    with pytest.raises(EventBegun):
        await patiently(pool, work)
    assert attempts == 1
