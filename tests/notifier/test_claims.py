"""Workers that die, sleep or end leave each mail sent once, or repeated and flagged."""

import asyncio

import pytest

from services.notifier.sending import Sending
from services.notifier.smtp import Postman
from services.notifier.store import claims
from services.notifier.titles import in_doubt
from shared.database import transaction
from tests.notifier.builders import guest, settings
from tests.notifier.conftest import Office
from tests.notifier.queued import let_leases_end, row, rows
from tests.waiting import until


def another(office: Office, **changes: object) -> Sending:
    """Return a second worker's sending, or one that reaches other servers."""
    known = settings(**{"smtp_port": office.server.port, **changes})
    return Sending(known, office.pool, office.neighbours.asks, Postman(known.smtp_server))


async def test_two_workers_share_the_mails_and_send_none_twice(office: Office) -> None:
    other = another(office)
    await office.hear(*(office.neighbours.know(guest()) for _ in range(60)))

    async def send_all() -> None:
        while await other.send_due():
            pass

    await asyncio.gather(office.send_all(), send_all())

    assert len(office.server.message_ids) == len(set(office.server.message_ids)) == 60
    assert office.server.connections == 2


async def test_a_claim_of_a_dead_worker_is_taken_over_when_its_lease_ends(office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    async with transaction(office.pool) as opened:
        await claims.claim(opened, "dead", 1, 300)

    await office.send_all()
    assert not office.server.taken
    await let_leases_end(office.pool)
    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.possible_duplicate) == ("accepted", False)


async def test_what_a_worker_could_not_give_back_it_sends_without_waiting_for_the_lease(
    office: Office,
) -> None:
    await office.hear(office.neighbours.know(guest()))
    async with transaction(office.pool) as opened:
        await claims.claim(opened, office.sending._worker, 1, 300)

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.possible_duplicate) == ("accepted", False)


async def test_a_mail_that_a_dead_worker_had_begun_to_send_is_repeated_and_flagged(
    office: Office,
) -> None:
    await office.hear(office.neighbours.know(guest()))
    async with transaction(office.pool) as opened:
        (claimed,) = await claims.claim(opened, "dead", 1, 300)
        assert await claims.start_data(opened, claimed, 300)
    await let_leases_end(office.pool)

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.possible_duplicate, sent.attempts) == ("accepted", True, 2)


async def test_a_mail_in_doubt_that_is_overtaken_is_withheld_and_stays_flagged(
    office: Office,
) -> None:
    invited = office.neighbours.know(guest(state="accepted", version=2))
    await office.hear(invited)
    async with transaction(office.pool) as opened:
        (claimed,) = await claims.claim(opened, "dead", 1, 300)
        assert await claims.start_data(opened, claimed, 300)
    await let_leases_end(office.pool)
    async with transaction(office.pool) as opened:
        await claims.take_back_stale(opened, "awake")

    await office.hear(office.neighbours.change(invited, state="declined", version=3))
    await office.send_all()

    overtaken, told = await rows(office.pool)
    assert (overtaken.state, overtaken.possible_duplicate) == ("withheld", True)
    assert in_doubt("withheld") == "möglicherweise schon zugestellt"
    assert (told.state, told.possible_duplicate) == ("accepted", False)
    assert len(office.server.taken) == 1


async def test_a_worker_that_slept_too_long_changes_nothing_any_more(office: Office) -> None:
    pool = office.pool
    await office.hear(office.neighbours.know(guest()))
    async with transaction(pool) as opened:
        (sleeper,) = await claims.claim(opened, "sleeper", 1, 300)
    await let_leases_end(pool)
    async with transaction(pool) as opened:
        await claims.take_back_stale(opened, "awake")
        (awake,) = await claims.claim(opened, "awake", 1, 300)
        assert await claims.start_data(opened, awake, 300)

    async with transaction(pool) as opened:
        started = await claims.start_data(opened, sleeper, 300)
        noted = await claims.accept(opened, sleeper, 250)
        given_up = await claims.give_up(opened, sleeper, (550, ""), possible_duplicate=False)
        await claims.release(opened, [sleeper], 0)

    assert (started, noted, given_up) == (False, None, None)
    assert (await row(pool)).state == "data_started"


async def test_a_stopping_worker_finishes_the_mail_in_its_hands_and_gives_back_the_rest(
    office: Office,
) -> None:
    await office.hear(*(office.neighbours.know(guest()) for _ in range(16)))
    working = asyncio.create_task(office.send_all())
    await until(lambda: len(office.server.taken) > 0)

    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    states = [one.state for one in await rows(office.pool)]
    assert set(states) <= {"accepted", "queued"}
    assert states.count("accepted") == len(office.server.taken)
