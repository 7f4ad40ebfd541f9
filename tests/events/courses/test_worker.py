"""What events' worker does for courses: it answers asks, and time brings things about."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from services.events.answers import answers
from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.store import links
from services.events.courses.timers import timers
from services.events.subscriptions import subscriptions
from shared.asks import Asks
from shared.contracts.ask import Ask
from shared.contracts.courses import (
    CourseParticipants,
    CourseRegistrationDetails,
    CourseRegistrations,
    CourseRuns,
)
from shared.contracts.notifier import MessageFailed
from shared.database import Pool, transaction
from shared.timers import Timer
from shared.web.tokens import hash_token
from shared.worker import Parts
from tests.events.courses import builders as a
from tests.visitor import Visitor


@pytest.fixture
def by_name(pool: Pool) -> dict[str, Timer]:
    settings: Any = None
    parts = Parts(settings=settings, pool=pool, asks=Asks(None), client=Client())
    return {timer.name: timer for timer in timers(parts)}


async def read(pool: Pool, kind: type[Ask[Any]], *ids: UUID) -> list[Any]:
    [answering] = [one for one in answers(pool) if one.kind is kind]
    return list(await answering.read(ids))


async def ask(pool: Pool, *ids: UUID) -> list[CourseRegistrationDetails]:
    return await read(pool, CourseRegistrations, *ids)


async def state(pool: Pool, registration_id: UUID) -> str:
    async with pool.acquire() as connection:
        return await a.state(connection, registration_id)


async def test_each_ask_brings_all_there_is_to_write_and_a_fresh_link(pool: Pool) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened)
        registration_id = await a.confirmed(opened, run_id)

    first, second = [(await ask(pool, registration_id, uuid4()))[0] for _ in range(2)]

    async with pool.acquire() as connection:
        found = [
            await links.find(connection, hash_token(one.link_token)) for one in (first, second)
        ]
    assert first.link_token != second.link_token
    assert [one and one.course_registration_id for one in found] == [registration_id] * 2
    assert (first.name, first.email, first.state) == (
        "Grit Muster1",
        "grit1@example.org",
        "registered",
    )
    assert [len(first.sessions), first.is_cancelled, first.confirm_until] == [2, False, None]
    assert first.place == "Volkshochschule, Lindenplatz 10"


async def test_names_are_told_of_who_has_confirmed_and_is_not_erased(pool: Pool) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened)
        confirmed, erased = [await a.confirmed(opened, run_id, number) for number in (1, 2)]
        await opened.execute(
            "update course_registration set erased_at = now(), name = '', email = null, phone = ''"
            " where course_registration_id = $1",
            erased,
        )
        requested = await a.requested(opened, run_id, 3)

    told = await read(pool, CourseParticipants, confirmed, erased, requested, uuid4())

    assert [one.course_registration_id for one in told] == [confirmed]
    assert told[0].name.startswith("Grit Muster")


async def test_runs_are_told_once_everybody_may_see_them(pool: Pool) -> None:
    async with transaction(pool) as opened:
        opened_run, planned = await a.opened(opened), await a.planned(opened)

    (told,) = await read(pool, CourseRuns, opened_run, planned, uuid4())

    assert (told.course_run_id, told.zone) == (opened_run, "Europe/Berlin")
    assert told.title
    assert told.starts_at.utcoffset() is not None


async def test_no_secret_is_stored_as_it_is(pool: Pool) -> None:
    async with transaction(pool) as opened:
        registration_id = await a.confirmed(opened, await a.opened(opened))
    (told,) = await ask(pool, registration_id)

    stored = await pool.fetchval("select string_agg(token_hash::text, ' ') from course_link")

    assert told.link_token.encode().hex() not in stored
    assert hash_token(told.link_token).hex() in stored


async def test_staff_see_whom_no_mail_reaches(editor: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened)
        reached, unreached = [await a.confirmed(opened, run_id, number) for number in (1, 2)]
        failed: dict[str, Any] = {"message_id": uuid4(), "version": 1, "smtp_code": 550}
        handler = subscriptions(a.SITE).handlers[MessageFailed.subject]
        await handler(
            opened,
            [
                MessageFailed(purpose="course_place", concerns_id=unreached, **failed),
                MessageFailed(purpose="invitation", concerns_id=reached, **failed),
            ],
        )

    shown = await editor.get(f"/konsole/kurse/durchgaenge/{run_id}/teilnehmende")

    assert shown.text.count("E-Mail nicht zustellbar") == 1
    before, _, _ = shown.text.partition("E-Mail nicht zustellbar")
    assert before.rindex("grit2@example.org") > before.rindex("grit1@example.org")


async def test_the_timer_ends_offers_whose_time_is_over(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened, minimum=1, maximum=1)
        first, second, third = [await a.confirmed(opened, run_id, n) for n in (1, 2, 3)]
        about = {"course_registration_id": first, "course_run_id": run_id}
        await cancel_registration(opened, CancelRegistration(**about), a.NOW)
    early = await by_name["lapse_course_offers"].job()
    await pool.execute(
        "update course_registration set offered_until = now() where course_registration_id = $1",
        second,
    )

    done = await by_name["lapse_course_offers"].job()
    again = await by_name["lapse_course_offers"].job()

    assert (early, done, again) == (0, 1, 0)
    assert [await state(pool, one) for one in (second, third)] == ["lapsed", "offered"]


async def test_a_run_that_somebody_is_busy_with_is_left_for_the_next_time(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened, minimum=1, maximum=1)
        first, second = [await a.confirmed(opened, run_id, n) for n in (1, 2)]
        about = {"course_registration_id": first, "course_run_id": run_id}
        await cancel_registration(opened, CancelRegistration(**about), a.NOW)
        await opened.execute(
            "update course_registration set offered_until = now() - interval '1 second'"
            " where course_registration_id = $1",
            second,
        )
    async with transaction(pool) as busy:
        await busy.execute(
            "select from course_place_balance where course_run_id = $1 for update", run_id
        )
        while_busy = await by_name["lapse_course_offers"].job()

    afterwards = await by_name["lapse_course_offers"].job()

    assert (while_busy, afterwards) == (0, 1)


async def test_runs_are_settled_and_old_requests_forgotten(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    async with transaction(pool) as opened:
        run_id = await a.opened(opened, minimum=1)
        await a.confirmed(opened, run_id, 1)
        old = await a.requested(opened, run_id, 2)
    await pool.execute("update course_run set closes_at = now() where course_run_id = $1", run_id)
    await pool.execute(
        "update course_registration set requested_at = $2 where course_registration_id = $1",
        old,
        a.NOW - timedelta(hours=25),
    )

    settled = await by_name["settle_course_runs"].job()
    forgotten = await by_name["forget_participants"].job()

    assert (settled, forgotten) == (1, 1)
    async with pool.acquire() as connection:
        assert (await a.run_of(connection, run_id)).state == "confirmed"
