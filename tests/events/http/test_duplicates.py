"""Editors decide which events are the same; citizens are led to the one that stays."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.partners import coming, registered, take
from tests.visitor import Visitor

LIST = "/konsole/termine/doppelt"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def twins(pool: Pool, title: str) -> tuple[UUID, UUID]:
    """Let two partners send the same event."""
    made = []
    for name in ("Stadttheater", "Kulturverein"):
        async with transaction(pool) as opened:
            partner = await registered(opened, name)
            item = coming(0, title=title, place="Kleines Haus")
            [receipt] = await take(opened, partner, [item], datetime.now(UTC))
        assert receipt.calendar_event_id is not None
        made.append(receipt.calendar_event_id)
    return made[0], made[1]


async def test_suspicions_are_listed_compared_and_merged(editor: Visitor, pool: Pool) -> None:
    gone, kept = await twins(pool, "Quittenfest")
    path = f"{LIST}/{gone}/{kept}"

    listed = await editor.get(LIST)
    compared = await editor.get(path)
    undecided = await editor.post(path, {"first_version": "1", "second_version": "1"})
    wish = {"kept": "second", "first_version": "1", "second_version": "1"}
    merged = await editor.post(path, wish)
    editor.client.cookies.clear()
    old_page = await editor.get(f"/termine/{gone}-quittenfest")
    old_file = await editor.get(f"/termine/{gone}/termin.ics")

    assert "Quittenfest" in listed.text
    assert "Kulturverein" in listed.text
    assert "Welche bleibt?" in compared.text
    assert "Quittenfest (Kulturverein)" in compared.text
    assert undecided.status_code == 422
    assert merged.headers["location"] == f"/konsole/termine/{kept}"
    assert (old_page.status_code, old_file.status_code) == (301, 301)
    assert old_page.headers["location"] == f"/termine/{kept}-quittenfest"
    assert (await editor.get(old_file.headers["location"])).status_code == 200


async def test_a_pair_that_has_changed_is_not_merged(editor: Visitor, pool: Pool) -> None:
    first, second = await twins(pool, "Mostfest")

    wish = {"kept": "first", "first_version": "1", "second_version": "7"}
    answer = await editor.post(f"{LIST}/{first}/{second}", wish)

    assert answer.status_code == 422
    assert "inzwischen von jemand anderem geändert" in answer.text


async def test_no_duplicate_is_not_asked_again(editor: Visitor, pool: Pool) -> None:
    first, second = await twins(pool, "Ziegenmarkt")

    answer = await editor.post(f"{LIST}/{first}/{second}/verschieden")
    listed = await editor.get(LIST)

    assert answer.status_code == 303
    assert "Ziegenmarkt" not in listed.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CLERK])
async def test_only_editors_merge(visitor: Visitor, role: Role) -> None:
    visitor.sign_in(role)
    some = UUID(int=1)

    assert (await visitor.get(LIST)).status_code == 403
    assert (await visitor.post(f"{LIST}/{some}/{some}")).status_code == 403


async def test_an_event_that_never_was_is_a_404(editor: Visitor) -> None:
    nowhere = UUID(int=1)

    assert (await editor.get(f"/termine/{nowhere}")).status_code == 404
    assert (await editor.get(f"{LIST}/{nowhere}/{nowhere}")).status_code == 404
