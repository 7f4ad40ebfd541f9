"""The people of the city and the foundation, at the console with their own browser."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Final

import msgspec

from deploy.local.openid.people import DEMO_PEOPLE
from shared.auth import Role
from tests.journeys.browser import Browser, Page, browsing
from tests.journeys.document import Element
from tests.journeys.lists import Lists, associations_csv, engagements_csv, people_csv
from tests.journeys.waiting import eventually

ADDRESS: Final = re.compile(r"https?://\S+/v/[\w-]+")
IMPORT_ENDED: Final = {"geprüft", "übernommen", "abgewiesen", "abgebrochen", "fehlgeschlagen"}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the planner writes into the form about a concert."""

    title: str
    held_on: date = msgspec.field(default_factory=lambda: date.today() + timedelta(days=120))  # noqa: DTZ011 - any day in spring
    starts_at: str = "19:00"
    venue_name: str = "Kulturhaus am Elbufer"
    volunteer: int = 50
    most_seats: int = 2
    wheelchair: int = 2
    companion: int = 2

    @property
    def form(self) -> dict[str, str]:
        """Return what is typed."""
        return {
            "title": self.title,
            "programme": "19:00 Grußwort\n19:30 Konzert",
            "venue_name": self.venue_name,
            "venue_address": "Uferpromenade 1, 01067 Elbstadt",
            "held_on": self.held_on.isoformat(),
            "doors_open_at": "18:00",
            "starts_at": self.starts_at,
            "ends_at": "21:30",
            "nominate_by_on": (self.held_on - timedelta(days=90)).isoformat(),
            "answer_by_on": (self.held_on - timedelta(days=30)).isoformat(),
            "offer_hours": "48",
            "most_seats": str(self.most_seats),
            "volunteer": str(self.volunteer),
            "protocol": "0",
            "standard": str(self.volunteer),
            "wheelchair": str(self.wheelchair),
            "companion": str(self.companion),
        }


class Clerk:
    """Brings lists into registry."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def check(self, kind: str, name: str, content: bytes) -> Page:
        """Upload a list and return the page that says what it would change."""
        await self.browser.open("/konsole/importe")
        await self.browser.press("Liste prüfen", {"kind": kind, "file": (name, content)})
        return await self._ended()

    async def take_over(self) -> Page:
        """Have the list on the page taken over and return the page with the result."""
        await self.browser.press("Liste übernehmen")
        return await self._ended()

    async def bring(self, *every: Lists) -> None:
        """Import associations, their people and their engagements."""
        for kind, content in (
            ("organisations", associations_csv(*every)),
            ("people", people_csv(*every)),
            ("engagements", engagements_csv(*every)),
        ):
            await self.check(kind, f"{kind}.csv", content)
            done = await self.take_over()
            if done.facts["Stand"] != "übernommen":
                raise AssertionError(done.text)

    async def _ended(self) -> Page:
        path = self.browser.page.path

        async def ended() -> Page | None:
            page = await self.browser.open(path)
            return page if page.facts.get("Stand") in IMPORT_ENDED else None

        return await eventually(ended, f"the import {path} does not end")


class Planner:
    """Plans concerts at the foundation."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def plan(self, plan: Plan) -> str:
        """Plan a concert and return the address of its page."""
        await self.browser.open("/konsole/konzerte/neu")
        return (await self.browser.press("Konzert anlegen", plan.form)).path

    async def set_quota(self, concert: str, association: str, places: int) -> Page:
        """Give an association a number of places, once recognition knows it."""

        async def known() -> bool:
            page = await self.browser.open(f"{concert}/kontingente?suche={association}")
            return any(association in row[0] for row in page.rows)

        await eventually(known, f"{association} is not in the list of quotas")
        form = self.browser.page.form("Kontingente speichern")
        return await self.browser.press("Kontingente speichern", {form.names[0]: str(places)})

    async def ask_for_proposals(self, concert: str) -> dict[str, str]:
        """Open the nomination, ask, and return each link as the printed page shows it."""
        await self.open_proposals(concert)
        page = await self.browser.press("Links anzeigen und drucken")
        return {row[0]: row[3] for row in page.rows if ADDRESS.fullmatch(row[3])}

    async def open_proposals(self, concert: str) -> Page:
        """Open the nomination and ask; returns the page that has said before whom it reaches."""
        await self.browser.open(f"{concert}/kontingente")
        preview = await self.browser.follow("Vorschläge öffnen …")
        await self.browser.press("um Vorschläge bitten")
        return preview

    async def close_proposals(self, concert: str) -> Page:
        """Take no more proposals."""
        await self.browser.open(f"{concert}/vorschlaege")
        return await self.browser.press("Vorschläge schließen")

    async def draw(self, concert: str, guests: int, seed: str = "Lottozahlen 3 17 29") -> Page:
        """Try the draw, then draw; returns the minutes."""
        await self.browser.open(f"{concert}/auswahl")
        await self.browser.press("Ausprobieren", {"places": str(guests)})
        return await self.browser.press("Jetzt verbindlich auslosen", {"seed": seed})

    async def send_wave(self, concert: str) -> Page:
        """Invite everybody who is selected, after the question whether that is meant."""
        await self.browser.open(f"{concert}/einladungen")
        await self.browser.press("Weiter zur Bestätigung")
        return await self.browser.press("Ja, jetzt einladen")

    async def open_admission(self, concert: str) -> Page:
        """Have the doors admit guests already now, after the question whether that is meant."""
        await self.browser.open(concert)
        await self.browser.follow("Einlass jetzt öffnen …")
        return await self.browser.press("Einlass öffnen")

    async def reschedule(self, concert: str, given: Mapping[str, str]) -> Page:
        """Move a concert, after the question whether that is meant."""
        await self.browser.open(f"{concert}/verlegen")
        await self.browser.press("Weiter zur Bestätigung", given)
        return await self.browser.press("Ja, verlegen")

    async def cancel(self, concert: str) -> Page:
        """Call a concert off, after the question whether that is meant."""
        await self.browser.open(f"{concert}/absagen")
        return await self.browser.press("Ja, Konzert absagen")

    async def send_as_fast_as_possible(self) -> None:
        """Take the brake off the mails."""
        await self.browser.open("/konsole/nachrichten")
        await self.browser.press("Tempo ändern", {"mails_per_second": "0"})

    async def print_letters(self, title: str) -> bytes:
        """Print the batch of letters with this title, such as a concert's, and return the PDF."""

        async def batch() -> str:
            page = await self.browser.open("/konsole/briefe")
            return next((one.get("href") for one in _batches(page, title)), "")

        await self.browser.open(await eventually(batch, f"no letters for {title}"))
        await self.browser.press("PDF-Datei erstellen")
        progress = self.browser.page.path

        async def drawn() -> bool:
            page = await self.browser.open(progress)
            return any("PDF-Datei öffnen" in one.text for one in page.root.all("a"))

        await eventually(drawn, "the PDF is not drawn")
        return (await self.browser.follow("PDF-Datei öffnen")).response.content


class Doorkeeper:
    """Stands at a door of the hall."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._spot = ""

    async def stand(self, concert_title: str, door: str) -> None:
        """Choose the concert and the door."""
        page = await self.browser.open("/tuer")
        chosen = next(
            label.get("for") for label in page.root.all("label") if concert_title in label.text
        )
        event_id = next(
            one.get("value") for one in page.root.all("input") if one.get("id") == chosen
        )
        given = {"honouring_event_id": event_id, "door": door}
        self._spot = (await self.browser.press("Weiter zum Einlass", given)).path

    async def scan(self, code: str) -> str:
        """Type or scan a code and return what the page says about it."""
        await self.browser.open(self._spot)
        page = await self.browser.press("Prüfen", {"shown": code})
        return next(page.root.all("div", css_class="verdict")).text


@asynccontextmanager
async def signed_in(origin: str, role: Role) -> AsyncIterator[Browser]:
    """Open a browser and sign in at the OpenID provider as the demo person with this role."""
    person = next(one for one in DEMO_PEOPLE if one.role == role)
    async with browsing(origin) as browser:
        await browser.open("/anmelden")
        await browser.press(person.subject)
        yield browser


def _batches(page: Page, title: str) -> list[Element]:
    return [
        next(row.all("a"))
        for row in page.root.all("tr")
        if title in row.text and "offen" in row.text
    ]
