"""Nobody answers one invitation more than ten times a minute, through whichever link or code."""

from collections.abc import AsyncIterator

import pytest

from services.recognition.honouring.store import pace
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring.guests import read
from tests.recognition.honouring.pages import browsing, invited, open_link
from tests.visitor import Visitor

COMES = {"coming": "ja", "seats": "1"}
DECLINES = {"coming": "nein"}
API = "/api/recognition/v1/answers"


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A guest's browser."""
    async with browsing(database) as visitor:
        yield visitor


async def passes(pool: Pool, seconds: int) -> None:
    """Let it be so many seconds later."""
    await pool.execute(
        """
        update answer_pace set tried_at = array(
            select at - make_interval(secs => $1)
            from unnest(tried_at) with ordinality as one (at, number)
            order by number
        )
        """,
        seconds,
    )


async def test_the_eleventh_answer_of_a_minute_waits_and_nothing_typed_is_lost(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    answers = [await browser.post("/einladung/antwort", COMES) for _ in range(pace.MOST)]

    refused = await browser.post("/einladung/antwort", DECLINES)

    assert {answer.status_code for answer in answers} == {303}
    assert refused.status_code == 429
    seconds = int(refused.headers["retry-after"])
    assert 0 < seconds <= 60
    assert f"Sie können sie in {seconds} Sekunden wieder ändern." in refused.text
    assert 'value="nein" checked' in refused.text
    async with transaction(pool) as opened:
        assert (await read(opened, guest.invitation_id)).invitation.state == "accepted"
    await passes(pool, 61)
    assert (await browser.post("/einladung/antwort", DECLINES)).status_code == 303


async def test_all_ways_to_answer_an_invitation_count_together_in_every_process(
    browser: Visitor, pool: Pool, database: Database
) -> None:
    mine, other = (await invited(pool, 2)).letters
    by_link = {"token": mine.link_token, "coming": False}
    by_code = {"code": mine.letter_code, "coming": False}
    async with browsing(database) as process:
        for _ in range(pace.MOST // 2):
            await browser.client.post(API, json=by_link)
            await process.client.post(API, json=by_code)

        refused = [
            await browser.client.post(API, json=by_code),
            await process.client.post(API, json=by_link),
        ]
        free = await process.client.post(API, json={"token": other.link_token, "coming": False})

    assert [answer.status_code for answer in refused] == [429, 429]
    assert refused[0].json()["type"] == "urn:ehrensache:problem:TooManyAnswers"
    assert "wieder ändern" in refused[0].json()["detail"]
    assert 0 < int(refused[0].headers["retry-after"]) <= 60
    assert free.status_code == 200


async def test_what_was_refused_does_not_lengthen_the_pause(pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    async with pool.acquire() as connection:
        tried = [await pace.note(connection, guest.invitation_id) for _ in range(2 * pace.MOST)]

        await passes(pool, 60)

        assert tried == [True] * pace.MOST + [False] * pace.MOST
        assert await pace.note(connection, guest.invitation_id)


async def test_counts_are_forgotten_after_an_hour(pool: Pool) -> None:
    await pool.execute("delete from answer_pace")
    guests = (await invited(pool, 3)).letters
    async with pool.acquire() as connection:
        for guest in guests:
            await pace.note(connection, guest.invitation_id)
        await passes(pool, 3_601)
        await pace.note(connection, guests[0].invitation_id)

    async with transaction(pool) as opened:
        forgotten = [await pace.forget(opened, 1) for _ in range(3)]

    assert forgotten == [1, 1, 0]
