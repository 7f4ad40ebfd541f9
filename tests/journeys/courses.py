"""People around a course: who looks after it, and who wants to take part."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

from tests.journeys.browser import Browser, Page, browsing
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System

FIRST_DAY = date.today() + timedelta(days=45)  # noqa: DTZ011 - any day in some weeks


def planned(maximum: int, first_day: date = FIRST_DAY) -> dict[str, str]:
    """Return what is typed into the form about a run."""
    return {
        "held_on": f"{first_day:%d.%m.%Y}\n{first_day + timedelta(days=7):%d.%m.%Y}",
        "starts_at": "18:00",
        "ends_at": "20:30",
        "place_name": "Volkshochschule Elbstadt",
        "place_address": "Lindenplatz 10",
        "minimum": "1",
        "maximum": str(maximum),
        "opens_on": "01.01.2026",
        "closes_on": f"{first_day - timedelta(days=2):%d.%m.%Y}",
        "withdrawal_days": "7",
        "offer_hours": "48",
    }


async def announce(editor: Browser, title: str, maximum: int) -> str:
    """Plan a course with a run, announce it, and return the address of the run's page."""
    await editor.open("/konsole/kurse/neu")
    await editor.press("Kurs anlegen", {"title": title, "price": "kostenlos für Engagierte"})
    await editor.follow("Durchgang planen")
    path = (await editor.press("Durchgang planen", planned(maximum))).path
    await editor.follow("Veröffentlichen …")
    await editor.press("Veröffentlichen")
    return path


async def let_it_be_over(system: System, run_path: str) -> None:
    """Let the time pass until the run is over."""
    await system.rows(
        """
        update events.course_run set
            held_on = array[current_date - 1], opens_at = now() - interval '9 days',
            closes_at = now() - interval '8 days', first_starts_at = now() - interval '1 day',
            last_ends_at = now() - interval '20 hours'
        where course_run_id = $1::uuid
        """,
        run_path.rsplit("/", 1)[1],
    )


class Participant:
    """Somebody who wants to take part."""

    def __init__(self, browser: Browser, mailbox: Mailbox, name: str) -> None:
        self.browser = browser
        self.mailbox = mailbox
        self.name = name
        self.email = name.lower().replace(" ", ".") + "@kurse.example"

    async def ask(self, title: str) -> Page:
        """Find the course in the public list and ask for the link."""
        await self.browser.open("/kurse")
        await self.browser.follow(title)
        given = {"name": self.name, "email": self.email, "consent": "on"}
        return await self.browser.press("Link anfordern", given)

    async def open_mail(self, subject: str) -> Page:
        """Wait for a mail and open the link in it."""
        mail = await self.mailbox.expect(self.email, subject)
        return await self.browser.open(mail.link)

    async def register(self, title: str, button: str = "Anmeldung bestätigen") -> Page:
        """Ask for the link, open it and confirm."""
        await self.ask(title)
        await self.open_mail("Bitte bestätigen Sie Ihre Anmeldung")
        return await self.browser.press(button)


@asynccontextmanager
async def participant(system: System, mailbox: Mailbox, name: str) -> AsyncIterator[Participant]:
    """Give somebody a browser."""
    async with browsing(system.notes.gateway) as browser:
        yield Participant(browser, mailbox, name)
