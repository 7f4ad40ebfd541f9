"""Editors learn of events that may be the same before they write a second one."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import draft, in_days, publish
from tests.events.places import place
from tests.visitor import Visitor

LIST = "/konsole/termine"
WARNING = "Vielleicht schon eingetragen"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def asked(editor: Visitor, **typed: Any) -> str:
    query = urlencode({"starts_on": f"{in_days(10):%Y-%m-%d}", **typed})
    answer = await editor.get(f"{LIST}/aehnliche?{query}", headers={"hx-request": "true"})
    assert answer.status_code == 200
    return answer.text


async def test_a_similar_title_in_the_same_month_is_found(editor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    event = await draft(pool, title=f"Adventskonzert {word}", starts=in_days(15))
    await draft(pool, title=f"Adventskonzert {word} alt", starts=in_days(60))

    found = await asked(editor, title=f"Adventskonzert am {word}")

    assert WARNING in found
    assert found.count("<li>") == 1
    assert str(event.calendar_event_id) in found


async def test_the_same_day_and_place_is_found_whatever_the_title(
    editor: Visitor, pool: Pool
) -> None:
    place_id, name = await place(pool), f"Saal {uuid4().hex}"
    listed = await publish(pool, place_id=place_id, title="Ganz anders")
    typed = await publish(pool, place_name=name, title="Etwas Anderes")

    by_id = await asked(editor, title="xy", place_id=str(place_id))
    by_name = await asked(editor, title="xy", place_name=name.upper())
    other_day = await asked(editor, place_id=place_id, starts_on=f"{in_days(11):%Y-%m-%d}")

    assert str(listed.calendar_event_id) in by_id
    assert str(typed.calendar_event_id) in by_name
    assert WARNING not in other_day


async def test_an_event_is_not_similar_to_itself(editor: Visitor, pool: Pool) -> None:
    title = f"Lesung {uuid4().hex}"
    event = await publish(pool, title=title)

    assert WARNING in await asked(editor, title=title)
    assert WARNING not in await asked(editor, title=title, ausser=str(event.calendar_event_id))


@pytest.mark.parametrize(
    "typed",
    [{"title": "Som"}, {"title": "Sommerkonzert", "starts_on": "bald"}, {"title": "a\x00b"}, {}],
    ids=["short", "no day", "control", "nothing"],
)
async def test_nothing_is_said_while_too_little_is_typed(
    editor: Visitor, typed: dict[str, str]
) -> None:
    assert WARNING not in await asked(editor, **typed)


async def test_the_preview_says_it_without_javascript(editor: Visitor, pool: Pool) -> None:
    title = f"Basar {uuid4().hex}"
    await publish(pool, title=title)
    fields = {"title": title, "starts_on": f"{in_days(10):%d.%m.%Y}", "starts_at": "10:00"}

    preview = await editor.post(LIST, {**fields, "step": "preview"})

    assert WARNING in preview.text


async def test_the_form_asks_while_one_types(editor: Visitor) -> None:
    form = await editor.get(f"{LIST}/neu")

    assert 'hx-get="/konsole/termine/aehnliche"' in form.text


async def test_only_editors_are_told(visitor: Visitor) -> None:
    visitor.sign_in(Role.CLERK)

    assert (await visitor.get(f"{LIST}/aehnliche?title=Konzert")).status_code == 403
