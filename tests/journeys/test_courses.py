"""Journey 10: a course from its plan to the certificate, with a waiting list, by mail and link."""

from typing import Final

import pytest

from tests.journeys.browser import Browser
from tests.journeys.courses import announce, let_it_be_over, participant
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled, violations
from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System

TITLE: Final = "Kassenprüfung leicht gemacht"
CANCELLED: Final = "Webauftritt für Vereine"
CERTIFICATES: Final = (
    "select count(*) from events.outbox where subject like '%course_certificate_requested%'"
)


@pytest.mark.usefixtures("planner")
async def test_a_place_that_becomes_free_goes_to_who_waits_and_is_certified(
    system: System, mailbox: Mailbox, editor: Browser, citizen: Citizen
) -> None:
    run = await announce(editor, TITLE, maximum=1)
    entry = await citizen.expect(TITLE)
    async with (
        participant(system, mailbox, "Runa Espe") as first,
        participant(system, mailbox, "Levi Ulme") as second,
    ):
        asked = await first.ask(TITLE)
        free = await citizen.browser.open("/kurse")
        mine = await first.open_mail("Bitte bestätigen Sie Ihre Anmeldung")
        has_place = await first.browser.press("Anmeldung bestätigen")
        await mailbox.expect(first.email, "Sie haben einen Platz")
        waits = await second.register(TITLE, "Verbindlich auf die Warteliste")
        await mailbox.expect(second.email, "Sie stehen auf der Warteliste")

        await first.open_mail("Sie haben einen Platz")
        await first.browser.follow("Abmelden")
        gone = await first.browser.press("Ja, abmelden")
        await mailbox.expect(first.email, "Abgemeldet")
        offered = await second.open_mail("Ein Platz ist frei")
        accepted = await second.browser.press("Platz annehmen")
        await mailbox.expect(second.email, "Sie haben einen Platz")

        await let_it_be_over(system, run)
        await editor.open(f"{run}/teilnehmende")
        ticked = await editor.press("Anwesenheit speichern", {"attended": await _only(system)})
        await second.browser.open("/kurse/anmeldung")
        certified = await second.browser.press("Bescheinigung anfordern")
    await settled(system)

    assert "Bitte sehen Sie in Ihr Postfach" in asked.text
    assert "1 freier Platz" in free.text
    assert "noch nicht bestätigt" in mine.text
    assert "Sie haben einen Platz." in has_place.text
    assert "Sie sind als Nächste oder Nächster an der Reihe." in waits.text
    assert "Die Abmeldung kam rechtzeitig." in gone.text
    assert "Für Sie ist ein Platz frei geworden." in offered.text
    assert "Sie haben einen Platz." in accepted.text
    assert "Teilgenommen" in ticked.text
    assert "Ihre Bescheinigung ist angefordert" in certified.text
    assert entry.status == "CONFIRMED"
    assert await system.value(CERTIFICATES) == 1
    assert await violations(system, mailbox) == []


@pytest.mark.usefixtures("planner")
async def test_everybody_hears_that_a_course_has_moved_and_is_cancelled(
    system: System, mailbox: Mailbox, editor: Browser, citizen: Citizen
) -> None:
    run = await announce(editor, CANCELLED, maximum=1)
    async with (
        participant(system, mailbox, "Mira Erle") as first,
        participant(system, mailbox, "Ole Linde") as second,
    ):
        await first.register(CANCELLED)
        await second.register(CANCELLED, "Verbindlich auf die Warteliste")

        await editor.open(f"{run}/verlegen")
        dry_run = await editor.press("Weiter zur Bestätigung", {"place_name": "Rathaus, Saal 3"})
        await editor.press("Ja, verlegen")
        moved = [await mailbox.expect(one.email, "Verlegt") for one in (first, second)]
        await editor.follow("Absagen …")
        await editor.press("Ja, Kurs absagen")
        off = [await mailbox.expect(one.email, "Abgesagt") for one in (first, second)]
        page = await first.open_mail("Sie haben einen Platz")
    entry = await citizen.find(CANCELLED)
    await settled(system)

    assert "2 Personen werden sofort per E-Mail benachrichtigt" in dry_run.text
    assert ["Rathaus, Saal 3" in mail.text for mail in moved] == [True, True]
    assert "Ihre Anmeldung ist damit hinfällig" in " ".join(off[0].text.split())
    assert "Ihr Platz auf der Warteliste ist damit hinfällig" in " ".join(off[1].text.split())
    assert "Dieser Kurs ist abgesagt." in page.text
    assert entry is not None
    assert entry.status == "CANCELLED"
    assert await violations(system, mailbox) == []


async def _only(system: System) -> str:
    """Return the one registration that has a place in a course that is over."""
    return str(
        await system.value(
            "select course_registration_id from events.course_registration"
            " inner join events.course_run using (course_run_id)"
            " where course_registration.state = 'registered' and last_ends_at < now()"
        )
    )
