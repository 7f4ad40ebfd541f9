"""An editor plans a committee's meetings, and a member sees them through a secret link."""

import re
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window

DAY: Final = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day soon
NAME: Final = "Koordinierungskreis Hafen"


async def test_a_member_sees_the_meetings_and_nobody_after_the_link_is_called_back(
    sit: Visit, visit: Visit
) -> None:
    async with sit(Role.EDITOR) as editor, visit() as member:
        await _found(editor)
        await _plan(editor)
        secret = await _give_link(editor)
        await member.open(secret)
        shown = await member.text()
        feed = await member.page.request.get(f"{member.page.url}.ics")
        body = await feed.text()
        await editor.follow("Zurück zum Gremium")
        await editor.follow("Link von Grit Ohnesorg sperren")
        await editor.press("Sperren")
        await member.open(secret, expect=404)

    assert NAME in shown
    assert shown.count("Sitzung") >= 2
    assert "CLASS:PRIVATE" in body
    assert re.search("RRULE:FREQ=MONTHLY;BYDAY=", body)


async def _found(editor: Window) -> None:
    await editor.open("/konsole/gremien")
    await editor.page.get_by_label("Name").fill(NAME)
    await editor.page.get_by_label("Art").select_option(label="Koordinierungskreis")
    await editor.press("Eintragen")
    await editor.page.get_by_label("Name").fill("Grit Ohnesorg")
    await editor.press("Eintragen")


async def _plan(editor: Window) -> None:
    await editor.follow("Neuer Termin")
    await editor.page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    await editor.page.get_by_label("Beginn").fill("17:00")
    await editor.page.get_by_label("Monatlich am selben Wochentag").check()
    await editor.press("Eintragen")


async def _give_link(editor: Window) -> str:
    await editor.press("Link ausgeben")
    return urlsplit(await editor.page.locator("p.address").first.inner_text()).path
