"""Editors see whose links lead nowhere, and note what they have looked at."""

from uuid import uuid4

import pytest

from services.events.model import CalendarEvent
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import publish
from tests.events.http.test_event_form import now_is
from tests.visitor import Visitor

LIST = "/konsole/termine"
_DEAD = """
insert into offer_link (calendar_event_id, url, failures, reason, is_dead, looked_at, due_at)
select calendar_event_id, website, 1, 'gone', true, now(), now() from calendar_event
where calendar_event_id = $1
"""


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def dead_offer(pool: Pool) -> CalendarEvent:
    word = uuid4().hex
    event = await publish(
        pool, title=f"Kurs {word}", provider="VHS", website=f"https://example.de/{word}"
    )
    await pool.execute(_DEAD, event.calendar_event_id)
    return event


async def test_a_dead_link_is_marked_wherever_editors_look(editor: Visitor, pool: Pool) -> None:
    event = await dead_offer(pool)

    listed = await editor.get(f"{LIST}?suche={event.title.split()[1]}")
    page = await editor.get(f"{LIST}/{event.calendar_event_id}")
    dead = await editor.get(f"{LIST}/links")

    assert "Link prüfen" in listed.text
    assert "Die Seite gibt es nicht mehr." in page.text
    assert event.title in dead.text


async def test_todays_look_is_noted_and_the_mark_goes(editor: Visitor, pool: Pool) -> None:
    event = await dead_offer(pool)
    path = f"{LIST}/{event.calendar_event_id}"

    answer = await editor.post(f"{path}/geprueft", {"version": str(event.version)})
    page = await editor.get(path)
    public = await editor.get(f"/termine/{event.calendar_event_id}")

    after = await now_is(pool, event)
    assert answer.status_code == 303
    assert after.checked_on is not None
    assert "Die Seite gibt es nicht mehr." not in page.text
    assert f"Zuletzt geprüft am {after.checked_on:%d.%m.%Y}" in public.text


async def test_an_event_of_our_own_has_no_such_button(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)

    page = await editor.get(f"{LIST}/{event.calendar_event_id}")
    answer = await editor.post(
        f"{LIST}/{event.calendar_event_id}/geprueft", {"version": str(event.version)}
    )

    assert "Heute geprüft" not in page.text
    assert answer.status_code == 409
