"""How editors keep committees, with their browser."""

import re
from uuid import UUID, uuid4

import pytest

from services.events.committees.http.secret import HERE
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import in_days
from tests.events.committees.groups import Group, a_group
from tests.visitor import PUBLIC_URL, Visitor

LIST = "/konsole/gremien"
MEETING = {
    "title": "Sitzung",
    "starts_on": f"{in_days(8):%d.%m.%Y}",
    "starts_at": "17:00",
    "ends_at": "19:00",
    "place_name": "Rathaus",
}


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


@pytest.fixture
async def group(pool: Pool) -> Group:
    return await a_group(pool)


async def test_committees_are_for_editors_only(visitor: Visitor, group: Group) -> None:
    visitor.sign_in(Role.CLERK)

    answers = [await visitor.get(LIST), await visitor.get(f"{LIST}/{group.committee_id}")]

    assert {answer.status_code for answer in answers} == {403}


async def test_a_committee_gets_a_member_whose_link_is_shown_once(editor: Visitor) -> None:
    name = f"Steuerungsgruppe {uuid4()}"

    made = await editor.post(LIST, {"name": name, "kind": "steering"})
    base = made.headers["location"]
    member = {"name": "Grit Ohnesorg", "email": "", "joined_on": "01.06.2026"}
    await editor.post(f"{base}/mitglieder", member)
    shown = await editor.get(base)
    link = re.search(rf"{base}/mitglieder/[0-9a-f-]+/link", shown.text)
    given = await editor.post(link[0] if link else "")
    again = await editor.get(base)
    editor.client.cookies.clear()
    secret = re.search(rf"{PUBLIC_URL}({HERE}/[A-Za-z0-9_-]+)<", given.text)
    opened = await editor.get(secret[1] if secret else "")

    assert name in opened.text
    assert "ausgegeben" in again.text
    assert HERE not in again.text


async def test_a_series_of_meetings_is_entered(editor: Visitor, pool: Pool, group: Group) -> None:
    base = f"{LIST}/{group.committee_id}"
    fields = {
        **MEETING,
        "repeats": "weekly",
        "interval": "4",
        "ends_how": "until",
        "until": f"{in_days(70):%d.%m.%Y}",
    }

    answer = await editor.post(f"{base}/termine/neu", fields)

    shown = await editor.get(base)
    event_id = await pool.fetchval(
        "select calendar_event_id from committee_event where committee_id = $1", group.committee_id
    )
    assert answer.status_code == 303
    assert shown.text.count(f"/konsole/termine/{event_id}") == 3
    assert "(Serie)" in shown.text
    page = await editor.get(f"/konsole/termine/{event_id}")
    assert "So sehen es die Bürgerinnen und Bürger" not in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"starts_at": ""}, "ganztägig"),
        ({"repeats": "weekly", "ends_how": "until"}, "den letzten Tag der Serie"),
        ({"repeats": "weekly", "ends_how": "until", "until": "01.01.2020"}, "Serie"),
    ],
)
async def test_a_field_that_is_wrong_is_named_beside_it(
    editor: Visitor, group: Group, changes: dict[str, str], sentence: str
) -> None:
    path = f"{LIST}/{group.committee_id}/termine/neu"

    answer = await editor.post(path, {**MEETING, **changes})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Rathaus"' in answer.text


async def test_a_link_is_called_back_after_a_question(editor: Visitor, group: Group) -> None:
    path = f"{LIST}/{group.committee_id}/mitglieder/{group.member_id}/sperren"

    question = await editor.get(path)
    answer = await editor.post(path)

    assert "Grit Ohnesorg" in question.text
    assert answer.status_code == 303
    assert (await editor.get(f"{HERE}/{group.token}")).status_code == 404


async def test_a_member_leaves_after_a_question(editor: Visitor, group: Group) -> None:
    base = f"{LIST}/{group.committee_id}"
    path = f"{base}/mitglieder/{group.member_id}/austritt"

    question = await editor.get(path)
    answer = await editor.post(path)
    again = await editor.get(path)

    assert "ein Jahr nach dem Ausscheiden" in question.text
    assert (answer.status_code, again.status_code) == (303, 404)
    assert (await editor.get(f"{HERE}/{group.token}.ics")).status_code == 404
    assert " bis " in (await editor.get(base)).text


async def test_what_was_done_is_written_down_without_names(
    editor: Visitor, pool: Pool, group: Group
) -> None:
    member = {"name": "Otto Ohnesorg", "joined_on": "01.06.2026"}
    await editor.post(f"{LIST}/{group.committee_id}/mitglieder", member)

    rows = await pool.fetch(
        "select audit_entry::text as row from audit_entry where concerns = $1",
        f"committee:{group.committee_id}",
    )

    assert len(rows) == 1
    assert "Ohnesorg" not in rows[0]["row"]


async def test_a_committee_that_is_not_there_is_a_404(editor: Visitor) -> None:
    base = f"{LIST}/{UUID(int=7)}"

    answers = [
        await editor.get(base),
        await editor.get(f"{base}/termine/neu"),
        await editor.post(f"{base}/termine/neu", MEETING),
        await editor.post(f"{base}/mitglieder", {"name": "x", "joined_on": "01.06.2026"}),
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    "fields", [{"name": "", "kind": "other"}, {"name": "x", "kind": "quatsch"}]
)
async def test_a_committee_that_makes_no_sense_is_told(
    editor: Visitor, fields: dict[str, str]
) -> None:
    assert (await editor.post(LIST, fields)).status_code == 422
