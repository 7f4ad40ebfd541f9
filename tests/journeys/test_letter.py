"""Journey 5: who has no e-mail is written to, answers by code or card, and gets a paper ticket."""

import re
from typing import Final

from tests.journeys import guests
from tests.journeys.concerts import Cast, invite
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import TOWN
from tests.journeys.mailbox import pdf_pages
from tests.journeys.staff import Clerk, Doorkeeper, Plan
from tests.journeys.test_concert import SHORT_CODE

PLAN: Final = Plan(title="Adventskonzert der Erlen", wheelchair=2, companion=2)
LETTER_CODE: Final = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
COMPANION: Final = "Erich Erlenhof"


async def test_a_guest_without_email_answers_by_the_printed_code_and_gets_a_paper_ticket(
    cast: Cast, clerk: Clerk, doorkeeper: Doorkeeper
) -> None:
    concert = await invite(cast, PLAN, TOWN["Erlen"])
    by_code, by_card = concert.by_letter
    invitations = await cast.planner.print_letters(PLAN.title)
    codes = _codes(invitations)
    async with guests.guest(cast.system.notes.gateway) as guest:
        opened = await guest.type_code(codes[by_code.name].replace("-", " ").lower())
        accepted = await guest.accept(companion=COMPANION)
    noted = await _note_card(clerk, codes[by_card.name])
    await settled(cast.system)
    tickets = await cast.planner.print_letters(PLAN.title)
    await cast.planner.open_admission(concert.path)
    await doorkeeper.stand(PLAN.title, "Seiteneingang")
    verdicts = [await doorkeeper.scan(code) for code in _short_codes(tickets)]
    letters = await cast.system.rows(
        """
        select purpose, count(*) as many from notifier.message
        join notifier.known_event using (honouring_event_id)
        where title = $1 and channel = 'letter' group by purpose order by purpose
        """,
        PLAN.title,
    )

    assert set(codes) == {by_code.name, by_card.name}
    assert by_code.street in " ".join(pdf_pages(invitations))
    assert by_code.name in opened.text
    assert "Für Sie sind 2 Plätze reserviert." in accepted.text
    assert f"{by_card.name}: Die Zusage ist erfasst" in noted
    assert [dict(row) for row in letters] == [
        {"purpose": "acceptance", "many": 2},
        {"purpose": "invitation", "many": 2},
    ]
    assert COMPANION in " ".join(pdf_pages(tickets))
    assert len(verdicts) == 3
    assert all("Einlass gewährt." in verdict for verdict in verdicts)
    assert await violations(cast.system, cast.mailbox) == []


async def _note_card(clerk: Clerk, code: str) -> str:
    """Take a reply card down on which somebody comes alone."""
    await clerk.browser.open("/konsole/konzerte/antworten")
    await clerk.browser.press("Antwort eintragen", {"code": code})
    given = {"via": "letter", "coming": "ja", "seats": "1"}
    return (await clerk.browser.press("Antwort speichern", given)).text


def _codes(letters: bytes) -> dict[str, str]:
    """Return the code that each letter shows, by the guest whose name stands in the address."""
    codes = {}
    for page in pdf_pages(letters):
        for person in TOWN["Erlen"].people:
            found = LETTER_CODE.search(page)
            if person.name in page and found:
                codes[person.name] = found[0]
    return codes


def _short_codes(tickets: bytes) -> list[str]:
    """Return the codes for the door, from the pages that are tickets."""
    return [
        code
        for page in pdf_pages(tickets)
        if "Ihr Code für den Einlass" in page
        for code in SHORT_CODE.findall(page)
    ]
