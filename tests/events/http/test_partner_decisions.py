"""Editors decide in the console how far a partner is trusted and what becomes of what waits."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from services.events.ingest.model import Partner
from services.events.store.trust import held_back, to_review, trust_rules
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.partners import coming, registered, take
from tests.visitor import Visitor


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


@pytest.fixture
async def partner(pool: Pool) -> Partner:
    async with transaction(pool) as opened:
        return await registered(opened)


async def send(pool: Pool, partner: Partner, *items: dict[str, Any]) -> None:
    async with transaction(pool) as opened:
        await take(opened, partner, list(items), datetime.now(UTC))


async def test_a_partner_is_trusted_differently_by_category(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    page = f"/konsole/partner/{partner.name}"

    fields = {"trust": "publish_and_review", "trust_sport": "review", "trust_nature": ""}
    answer = await editor.post(f"{page}/vertrauen", fields)
    shown = await editor.get(page)
    wrong = await editor.post(f"{page}/vertrauen", {"trust": "blindly"})

    async with pool.acquire() as connection:
        rules = await trust_rules(connection, partner.partner_id)
    assert (answer.status_code, wrong.status_code) == (303, 400)
    assert (rules.otherwise, rules.by_category) == ("publish_and_review", {"sport": "review"})
    assert shown.text.count('value="publish_and_review" selected') == 1
    assert shown.text.count('value="review" selected') == 1


async def test_held_cancellations_are_released_together_after_a_question(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    await send(pool, partner, *(coming(number) for number in range(10)))
    await send(pool, partner, *(coming(number, status="cancelled") for number in range(10)))
    base = f"/konsole/partner/{partner.name}"

    shown = await editor.get(base)
    question = await editor.get(f"{base}/zurueckgehalten/freigeben")
    changed = await editor.post(f"{base}/zurueckgehalten/freigeben", {"count": "3"})
    single = {"verdict": "reject", "partner_key": "n-9"}
    rejected = await editor.post(f"{base}/zurueckgehalten", single)
    released = await editor.post(f"{base}/zurueckgehalten/freigeben", {"count": "3"})

    async with pool.acquire() as connection:
        left = await held_back(connection, partner.partner_id)
    cancelled = await pool.fetchval(
        "select count(*) from partner_item where partner_id = $1 and status = 'cancelled'",
        partner.partner_id,
    )
    assert "Absagen, die auf Sie warten" in shown.text
    assert "Alle 4 Absagen freigeben?" in question.text
    assert "Abend 6" in question.text
    assert [changed.status_code, rejected.status_code, released.status_code] == [400, 303, 303]
    assert (left, cancelled) == ([], 9)


async def test_what_has_appeared_is_ticked_off(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    base = f"/konsole/partner/{partner.name}"
    await editor.post(f"{base}/vertrauen", {"trust": "publish_and_review"})
    await send(pool, partner, coming(0), coming(1))
    async with pool.acquire() as connection:
        [first, _] = await to_review(connection, partner.partner_id, 10)
    chosen = await editor.get(f"{base}?auswahl=alle")

    listed = await editor.get("/konsole/partner")
    answer = await editor.post(f"{base}/geprueft", {"item": str(first.partner_item_id)})
    wrong = await editor.post(f"{base}/geprueft", {"item": "x"})
    shown = await editor.get(base)

    assert "2 zu entscheiden" in listed.text
    assert len(re.findall('name="item"[^>]* checked', chosen.text)) == 2
    assert (answer.status_code, wrong.status_code) == (303, 400)
    assert "Erschienen, noch nicht geprüft" in shown.text
    assert str(first.partner_item_id) not in shown.text.split("Zurückgewiesen")[0]


@pytest.mark.parametrize("path", ["vertrauen", "zurueckgehalten", "geprueft"])
async def test_an_operator_decides_nothing(
    visitor: Visitor, pool: Pool, partner: Partner, path: str
) -> None:
    await send(pool, partner, coming(0))
    visitor.sign_in(Role.ADMIN)

    answer = await visitor.post(f"/konsole/partner/{partner.name}/{path}", {"trust": "review"})

    assert answer.status_code == 403


async def test_a_calendar_is_fetched_for_who_cannot_publish(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    base = f"/konsole/partner/{partner.name}"

    empty = await editor.get(base)
    wrong = await editor.post(f"{base}/abholung", {"url": "ftp://x", "every_minutes": "60"})
    fields = {"url": "https://example.org/a.ics", "every_minutes": "360"}
    saved = await editor.post(f"{base}/abholung", fields)
    await pool.execute("update partner_pull set failures = 2, outcome = 'too_large'")
    shown = await editor.get(base)
    hastened = await editor.post(f"{base}/abholung/jetzt")
    ended = await editor.post(f"{base}/abholung/beenden")

    count = await pool.fetchval("select count(*) from partner_pull")
    assert "gibt uns die Adresse seines Kalenders" in empty.text
    assert wrong.status_code == 422
    assert "mit https:// beginnt" in wrong.text
    assert 'value="ftp://x"' in wrong.text
    assert "Der Kalender ist größer als 5 MiB." in shown.text
    assert "2-mal in Folge misslungen" in shown.text
    assert [answer.status_code for answer in (saved, hastened, ended)] == [303] * 3
    assert count == 0
