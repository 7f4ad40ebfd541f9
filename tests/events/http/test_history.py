"""What editors see of an event's past, and how they go one step back."""

from uuid import UUID, uuid4

import pytest

from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import cancel, draft, publish
from tests.events.submissions import as_it_stands
from tests.visitor import Visitor

LIST = "/konsole/termine"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR, name="Aylin Tannert")
    return visitor


async def test_the_history_says_who_changed_what_and_when(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    base = f"{LIST}/{event.calendar_event_id}"
    fields = {"version": str(event.version), "title": "Winterkonzert", "place_name": "Kulturhaus"}
    await editor.post(f"{base}/aendern", {**fields, "step": "save"})

    shown = await editor.get(f"{base}/verlauf")

    assert "<del>Sommerkonzert</del> → <ins>Winterkonzert</ins>" in shown.text
    assert "Aylin Tannert" in shown.text
    assert "Entwurf angelegt" in shown.text
    assert shown.text.index("Geändert") < shown.text.index("Veröffentlicht")
    assert f"{base}/verlauf" in (await editor.get(base)).text


async def test_the_last_change_is_taken_back_after_a_question(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    base = f"{LIST}/{event.calendar_event_id}"
    fields = {"version": str(event.version), "title": "Winterkonzert", "place_name": "Kulturhaus"}
    await editor.post(f"{base}/aendern", {**fields, "step": "save"})
    changed = await as_it_stands(pool, event)

    question = await editor.get(f"{base}/zuruecknehmen")
    answer = await editor.post(f"{base}/zuruecknehmen", {"version": str(changed.version)})

    assert "Titel: Winterkonzert → Sommerkonzert" in question.text
    assert "beim nächsten Abruf" in question.text
    assert answer.status_code == 303
    assert (await as_it_stands(pool, event)).title == "Sommerkonzert"
    assert await pool.fetchval(
        "select actor from audit_entry where action = 'undo_change' and concerns = $1",
        f"calendar_event:{event.calendar_event_id}",
    )


async def test_what_cannot_be_taken_back_is_not_offered(editor: Visitor, pool: Pool) -> None:
    events = [await draft(pool), await publish(pool), await cancel(pool, await publish(pool))]
    bases = [f"{LIST}/{event.calendar_event_id}" for event in events]

    offers = ["zuruecknehmen" in (await editor.get(f"{base}/verlauf")).text for base in bases]
    asked = [(await editor.get(f"{base}/zuruecknehmen")).status_code for base in bases]

    assert offers == [False, False, False]
    assert asked == [409, 409, 409]


async def test_an_event_whose_history_was_trimmed_has_a_page(editor: Visitor, pool: Pool) -> None:
    event = await draft(pool)
    await pool.execute(
        "delete from event_revision where calendar_event_id = $1", event.calendar_event_id
    )

    shown = await editor.get(f"{LIST}/{event.calendar_event_id}/verlauf")

    assert shown.status_code == 200
    assert "kein Verlauf" in shown.text


async def test_the_history_is_for_editors_only(visitor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    visitor.sign_in(Role.CLERK)

    assert (await visitor.get(f"{LIST}/{event.calendar_event_id}/verlauf")).status_code == 403


async def test_an_event_that_is_not_there_has_no_history(editor: Visitor) -> None:
    nobody: UUID = uuid4()

    assert (await editor.get(f"{LIST}/{nobody}/verlauf")).status_code == 404
    assert (await editor.get(f"{LIST}/{nobody}/zuruecknehmen")).status_code == 404
