"""The start page's tiles say what waits for editors."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from services.events.http.acting import LIST
from services.events.http.reviewing import INBOX
from shared.auth import Role
from shared.database import Pool, transaction
from shared.web.navigation import EVENTS_WAIT, STAFF_ENTRIES
from tests.events.calendars import in_days
from tests.events.courses import builders as courses
from tests.events.submissions import submitted
from tests.visitor import Visitor


async def lines(visitor: Visitor) -> dict[str, str]:
    """What the tiles are told, by the end of their ids."""
    answer = await visitor.get(EVENTS_WAIT, headers={"hx-request": "true"})
    found = re.findall(r'id="wartet-konsole-([a-z-]*)" hx-swap-oob="true">([^<]*)<', answer.text)
    return {tile: unescape(sentence) for tile, sentence in found}


@pytest.fixture
async def emptied(pool: Pool) -> None:
    """Nothing waits."""
    await pool.execute("update calendar_event set state = 'refused' where state = 'submitted'")
    await pool.execute(
        "update submission set cancellation_asked_at = null, cancellation_reason = ''"
    )
    await pool.execute("update duplicate_suspicion set state = 'dismissed'")
    await pool.execute("update offer_link set is_dead = false")
    await pool.execute("update partner_item set held = null, to_review_since = null")
    await pool.execute(
        "update course_registration set state = 'left' where state = 'proof_pending'"
    )


@pytest.mark.usefixtures("emptied")
async def test_tiles_say_what_waits_and_that_nothing_does(visitor: Visitor, pool: Pool) -> None:
    visitor.sign_in(Role.EDITOR)
    before = await lines(visitor)
    twin: Any = {"starts": in_days(31), "ends": in_days(31) + timedelta(hours=1)}
    one, other = [await submitted(pool, **twin) for _ in range(2)]
    await pool.execute(
        "insert into duplicate_suspicion (first_id, second_id, likeness)"
        " values (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), 1)",
        one.calendar_event_id,
        other.calendar_event_id,
    )
    async with transaction(pool) as opened:
        registration_id = await courses.confirmed(opened, await courses.opened(opened))
        await opened.execute(
            "update course_registration set state = 'proof_pending'"
            " where course_registration_id = $1",
            registration_id,
        )

    assert before == dict.fromkeys(
        ["termine", "termine-pruefen", "partner", "kurse"], "Nichts wartet."
    )
    assert await lines(visitor) == {
        "termine": "1 Hinweis auf Doppelte",
        "termine-pruefen": "2 warten auf Prüfung",
        "partner": "Nichts wartet.",
        "kurse": "1 Nachweis fehlt",
    }


async def test_who_sees_fewer_tiles_is_told_less(visitor: Visitor) -> None:
    visitor.sign_in(Role.ADMIN)
    operator = await lines(visitor)
    visitor.sign_in(Role.CLERK)

    assert list(operator) == ["partner"]
    assert (await visitor.get(EVENTS_WAIT)).status_code == 403


def test_every_line_has_its_tile() -> None:
    asking = {entry.path for entry in STAFF_ENTRIES if entry.waits == EVENTS_WAIT}

    assert asking == {LIST, INBOX, "/konsole/partner", "/konsole/kurse"}
