"""Journey: associations without an account are asked by mail or letter, open the page, propose."""

import re
from typing import Final

import msgspec

from tests.journeys import guests
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import Lists, lists
from tests.journeys.mailbox import Mailbox, pdf_pages
from tests.journeys.staff import Clerk, Plan, Planner
from tests.journeys.system import System

PLAN: Final = Plan(title="Dankeskonzert der Ulmen")
LINK: Final = re.compile(r"https?://\S+/v/[A-Za-z0-9_-]{32}")
CODE: Final = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def town() -> tuple[Lists, Lists, Lists]:
    """Return associations that a mail, a letter and nothing reaches."""
    mailed, lettered, nowhere = (lists(f"Ulmen{word}", 2) for word in ("post", "brief", "nichts"))
    return (
        mailed,
        _changed(lettered, email="", street="Lindenallee 9"),
        _changed(nowhere, email="", street="", postal_code="", town=""),
    )


def _changed(one: Lists, **changes: str) -> Lists:
    association = msgspec.structs.replace(one.association, **changes)
    return msgspec.structs.replace(one, association=association)


async def test_associations_are_asked_by_mail_or_letter_and_propose_without_an_account(
    system: System, mailbox: Mailbox, clerk: Clerk, planner: Planner
) -> None:
    mailed, lettered, nowhere = town()
    await clerk.bring(mailed, lettered, nowhere)
    concert = await planner.plan(PLAN)
    for each in (mailed, lettered, nowhere):
        await planner.set_quota(concert, each.association.name, 2)

    preview = await planner.open_proposals(concert)
    mail = await mailbox.expect(mailed.association.email, PLAN.title)
    async with guests.association(system.notes.gateway) as association:
        found = LINK.search(mail.text)
        assert found
        await association.open_link(found[0])
        by_mail = await association.propose(mailed.people[0].family_name)
    await settled(system)
    (letter,) = pdf_pages(await planner.print_letters(PLAN.title))
    async with guests.association(system.notes.gateway) as association:
        code = CODE.search(letter)
        assert code
        await association.type_code(code[0])
        by_letter = await association.propose(lettered.people[0].family_name)
    quotas = await planner.browser.open(f"{concert}/kontingente?suche=Ulmen")
    await planner.cancel(concert)
    withdrawn = await mailbox.expect(mailed.association.email, "Abgesagt")
    async with guests.association(system.notes.gateway) as association:
        await association.browser.open(found[0], expect=404)
    await settled(system)

    assert (preview.figures["E-Mails"], preview.figures["Briefe"]) == ("1", "1")
    assert [row[0] for row in preview.rows] == [nowhere.association.name]
    assert "2 Gäste" in mail.text
    assert "Lindenallee 9" in letter
    for page in (by_mail, by_letter):
        assert "Vielen Dank. Die Person ist vorgeschlagen." in page.text
    standing = {row[0]: row for row in quotas.rows}
    assert "1 von 2" in standing[mailed.association.name][3]
    assert "per E-Mail Geöffnet" in " ".join(standing[mailed.association.name][5].split())
    assert "per Brief Geöffnet" in " ".join(standing[lettered.association.name][5].split())
    assert "nicht erreichbar" in standing[nowhere.association.name][5]
    assert "hinfällig" in withdrawn.text
    assert await violations(system, mailbox) == []
