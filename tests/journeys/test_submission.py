"""Journey 11: an association submits an event and learns by mail what becomes of it."""

from datetime import date, timedelta
from typing import Final

import pytest

from tests.journeys.browser import Browser, browsing
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled, violations
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System

CLUB: Final = "Ruderverein Elbstadt e. V."
EMAIL: Final = "vorstand@ruderverein.example"
TITLE: Final = "Tag des offenen Bootshauses"
DECISIONS: Final = {"Veröffentlichen": "publish", "Zur Überarbeitung zurückgeben": "return"}
DAY: Final = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day soon


@pytest.mark.usefixtures("planner")
async def test_an_association_follows_its_event_from_mail_to_mail(
    system: System, mailbox: Mailbox, editor: Browser, citizen: Citizen
) -> None:
    async with browsing(system.notes.gateway) as club:
        await club.open(await _new_link(editor))
        await club.follow("Neue Veranstaltung")
        await club.press(
            "Speichern und einreichen",
            {
                "title": TITLE,
                "starts_on": f"{DAY:%d.%m.%Y}",
                "starts_at": "11:00",
                "place_name": "Bootshaus",
            },
        )
        received = await mailbox.expect(EMAIL, f"Eingereicht: {TITLE}")
        await _decide(editor, "Zur Überarbeitung zurückgeben", "Was kostet der Eintritt?")
        asked = await mailbox.expect(EMAIL, f"Bitte ergänzen Sie: {TITLE}")

    async with browsing(system.notes.gateway) as elsewhere:
        returned = await elsewhere.open(asked.link)
        await elsewhere.follow("Ändern")
        await elsewhere.press("Speichern und einreichen", {"price": "frei"})
        await _decide(editor, "Veröffentlichen")
        told = await mailbox.expect(EMAIL, f"Im Kalender: {TITLE}")
        published = await elsewhere.open(told.link)
    entry = await citizen.expect(TITLE)
    await settled(system)

    assert "innerhalb von zwei Werktagen" in " ".join(received.text.split())
    assert "Was kostet der Eintritt?" in asked.text
    assert "Was kostet der Eintritt?" in returned.text
    assert "Fällt sie aus?" in published.text
    assert entry.status == "CONFIRMED"
    assert len(await mailbox.all(EMAIL, "Bitte ergänzen Sie")) == 1
    assert len(await mailbox.all(EMAIL, "Im Kalender")) == 1
    assert await violations(system, mailbox) == []


async def _new_link(editor: Browser) -> str:
    await editor.open("/konsole/termine/vereine")
    given = {"name": CLUB, "contact_email": EMAIL}
    page = await editor.press("Aufnehmen und Link ausgeben", given)
    return next(page.root.all("p", css_class="address")).text


async def _decide(editor: Browser, decision: str, note: str = "") -> None:
    await editor.open("/konsole/termine/pruefen")
    await editor.follow(TITLE)
    await editor.press("Vorschau", {"decision": DECISIONS[decision], "note": note})
    await editor.press(decision)
