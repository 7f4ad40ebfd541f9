"""Journey 1: the concert, from the lists of the city to the guest at the door."""

import re
from typing import Final

from tests.journeys import guests
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import Lists, associations_csv, engagements_csv, lists, people_csv
from tests.journeys.mailbox import Mailbox, Received
from tests.journeys.staff import Clerk, Doorkeeper, Plan, Planner
from tests.journeys.system import System
from tests.journeys.waiting import eventually

TITLE: Final = "Dankeskonzert der Linden"
SHORT_CODE: Final = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
SINCE_WHEN: Final = re.compile(r"Bereits eingelassen um \d\d:\d\d Uhr, Eingang B\.")
COMPANION: Final = "Wanja Begleitner"
CITY: Final = lists("Linden", 6)


async def test_a_list_is_checked_before_it_is_taken_over_and_taken_over_once(clerk: Clerk) -> None:
    checked = await clerk.check("organisations", "vereine.csv", associations_csv(CITY))
    unseen = await clerk.browser.open("/konsole/organisationen?suche=Linden")
    await clerk.check("organisations", "vereine.csv", associations_csv(CITY))
    organisations = await clerk.take_over()
    await clerk.check("people", "personen.csv", people_csv(CITY))
    people = await clerk.take_over()
    again = await clerk.check("people", "personen.csv", people_csv(CITY))
    await clerk.check("engagements", "engagements.csv", engagements_csv(CITY))
    engagements = await clerk.take_over()

    assert (checked.facts["Stand"], checked.figures["Neu"]) == ("geprüft", "1")
    assert "Verein Linden" not in unseen.text
    assert (organisations.facts["Stand"], organisations.figures["Neu"]) == ("übernommen", "1")
    assert (people.figures["Neu"], people.figures["Fehlerhaft"]) == ("6", "0")
    assert people.facts["Geschrieben in"] == "Windows-1252, getrennt durch Komma"
    assert (again.figures["Neu"], again.figures["Unverändert"]) == ("0", "6")
    assert "Alles ist schon so erfasst" in again.text
    assert engagements.figures["Neu"] == "6"


async def test_the_concert_goes_from_the_plan_to_the_admitted_guest(
    system: System,
    mailbox: Mailbox,
    planner: Planner,
    doorkeeper: Doorkeeper,
    citizen: Citizen,
) -> None:
    concert = await planner.plan(Plan(title=TITLE, volunteer=10))
    entry = await citizen.expect(TITLE)
    await _propose_five(system, planner, concert)
    minutes = await planner.draw(concert, 4)
    await planner.send_wave(concert)
    invited = await _invited(mailbox, CITY)

    ticket = await _come_in_twos(system, mailbox, invited[0])
    async with guests.guest(system.notes.gateway) as guest:
        await guest.open_link(invited[1].link)
        await guest.decline()
    typed, other = SHORT_CODE.findall(ticket.pdf)
    scanned = await _qr_code(citizen, invited[0].link, other)
    await doorkeeper.stand(TITLE, "Eingang B")
    rehearsed = [await doorkeeper.scan(typed), await doorkeeper.scan(typed)]
    await planner.open_admission(concert)
    admitted = [await doorkeeper.scan(typed), await doorkeeper.scan(scanned)]
    await doorkeeper.stand(TITLE, "Eingang C")
    repeated = [await doorkeeper.scan(other), await doorkeeper.scan(scanned)]
    forged = await doorkeeper.scan(scanned[:-2] + ("AA" if scanned[-2:] != "AA" else "BB"))
    await settled(system)
    overview = await planner.browser.open(concert)

    assert entry.status == "CONFIRMED"
    assert (minutes.facts["Ausgewählt"], minutes.facts["Vorgemerkt"]) == ("4", "1")
    assert len(invited) == 4
    assert ["Probe: Willkommen" in one for one in rehearsed] == [True, True]
    assert ["Einlass gewährt." in one for one in admitted] == [True, True]
    assert [bool(SINCE_WHEN.search(one)) for one in repeated] == [True, True]
    assert "Die Unterschrift der Karte stimmt nicht." in forged
    assert overview.figures == {
        "Eingeladen": "4",
        "Zugesagte Personen": "2",
        "Abgesagt": "1",
        "Noch keine Antwort": "2",
        "Auf der Warteliste": "0",
        "Platz angeboten": "0",
        "Im Saal": "2",
    }
    assert ["Engagierte", "10", "2", "8"] in overview.rows
    assert await violations(system, mailbox) == []


async def _propose_five(system: System, planner: Planner, concert: str) -> None:
    """Have the association propose five of its six people, as many as it may."""
    await planner.set_quota(concert, CITY.association.name, 5)
    links = await planner.ask_for_proposals(concert)
    assert list(links) == [CITY.association.name]
    async with guests.association(system.notes.gateway) as association:
        await association.open_link(links[CITY.association.name])
        for person in CITY.people[:5]:
            page = await association.propose(person.family_name)
        full = await association.browser.open("/verein")

    assert page.figures["Vorgeschlagen"] == "5"
    assert full.figures["Noch frei"] == "0"
    assert "Vorschlagen" not in {one.text for form in full.forms for one in form.buttons}
    await planner.close_proposals(concert)


async def _qr_code(citizen: Citizen, link: str, short_code: str) -> str:
    """Return what a telephone reads from the QR code above a short code."""
    token = link.rpartition("/")[2]
    answer = await citizen.browser.client.get(
        f"{citizen.browser.origin}/api/recognition/v1/invitation",
        headers={"authorization": f"Bearer {token}"},
    )
    codes = {one["short_code"]: one["code"] for one in answer.json()["tickets"]}
    return str(codes[short_code])


async def _invited(mailbox: Mailbox, city: Lists) -> list[Received]:
    """Wait for the four invitations and open them."""

    async def arrived() -> bool:
        return len(await _invitations(mailbox, city)) == 4

    await eventually(arrived, "four invitations have not arrived")
    return await _invitations(mailbox, city)


async def _invitations(mailbox: Mailbox, city: Lists) -> list[Received]:
    mails = [mail for one in city.people for mail in await mailbox.all(one.email, TITLE)]
    return [await mailbox.opened(mail) for mail in mails if "Einladung" in mail.subject]


async def _come_in_twos(system: System, mailbox: Mailbox, invitation: Received) -> Received:
    """Accept for two, and return the mail with the tickets."""
    address = invitation.mail.recipients[0]
    person = next(one for one in CITY.people if one.email == address)
    async with guests.guest(system.notes.gateway) as guest:
        greeting = await guest.open_link(invitation.link)
        accepted = await guest.accept(companion=COMPANION)
        await guest.accept(companion=COMPANION)
        shown = await guest.browser.open("/einladung/karten")
    ticket = await mailbox.expect(address, "Ihre Zusage")
    await settled(system)

    assert person.name in greeting.text
    assert "Für Sie sind 2 Plätze reserviert." in accepted.text
    assert len(await mailbox.all(address, "Zusage")) == 1
    assert f"Frau {person.family_name}," in ticket.text
    assert person.name in ticket.pdf
    assert COMPANION in ticket.pdf
    assert f"SUMMARY:{TITLE}" in ticket.calendar_entry
    assert SHORT_CODE.findall(shown.text) == SHORT_CODE.findall(ticket.pdf)
    return ticket
