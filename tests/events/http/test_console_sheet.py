"""Editors take their list of events along as a table."""

from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import draft
from tests.visitor import Visitor

SHEET = "/konsole/termine/tabelle"


async def test_the_table_holds_what_the_list_finds(visitor: Visitor, pool: Pool) -> None:
    stranger = await visitor.get(SHEET)
    visitor.sign_in(Role.EDITOR)
    await draft(pool, title="=Formelfest am Ufer")
    await draft(pool, title="Etwas anderes")

    sheet = await visitor.get(SHEET, params={"suche": "formelfest", "zustand": "draft"})
    public = await visitor.get(SHEET, params={"suche": "formelfest", "zustand": "published"})
    wrong = await visitor.get(SHEET, params={"zustand": "erfunden"})

    header, row = sheet.content.decode("utf-8-sig").splitlines()
    assert stranger.status_code == 303
    assert header.startswith("Veranstaltung;Tag;Beginn;Serie;Ort;Zustand")
    assert row.startswith("'=Formelfest am Ufer;")
    assert len(public.content.decode().splitlines()) == 1
    assert wrong.status_code == 400
