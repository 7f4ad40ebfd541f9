"""The foundation takes its refusal of a proposal back, and takes the list of proposals along."""

from uuid import UUID, uuid4

import pytest

from services.recognition.honouring.commands.readmit_proposal import (
    NotRefused,
    QuotaFilledMeanwhile,
    ReadmitProposal,
    readmit_proposal,
)
from services.recognition.honouring.commands.withdraw_proposal import (
    ProposalUnknown,
    WithdrawProposal,
    withdraw_proposal,
)
from services.recognition.honouring.planning import EventIsOver
from services.recognition.honouring.store import proposals
from shared.auth import Role
from shared.database import Connection, Pool, transaction
from tests.recognition.honouring import builders as a
from tests.visitor import Visitor

LIST = "/konsole/konzerte"


async def take_back(opened: Connection, proposal: UUID, club: UUID | None = None) -> None:
    command = WithdrawProposal(guest_proposal_id=proposal, organisation_id=club)
    await withdraw_proposal(opened, command)


async def readmit(opened: Connection, proposal: UUID) -> str:
    await readmit_proposal(opened, ReadmitProposal(guest_proposal_id=proposal))
    found = await proposals.find(opened, proposal)
    assert found is not None
    return found.state


@pytest.mark.parametrize(
    ("category", "state"), [("volunteer", "proposed"), ("protocol", "selected")]
)
async def test_a_refusal_is_taken_back(pool: Pool, category: str, state: str) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        people = [await a.person(opened)]
        (proposal,) = await a.proposed(opened, event_id, people, category=category)
        await take_back(opened, proposal)

        assert await readmit(opened, proposal) == state
        with pytest.raises(NotRefused):
            await readmit(opened, proposal)


async def test_a_refusal_stands_once_the_association_has_proposed_somebody_else(
    pool: Pool,
) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = await a.people(opened, 2)
        club = await a.association(opened, members=members, quota=(event_id, 1))
        (first,) = await a.proposed(opened, event_id, members[:1], organisation_id=club)
        await take_back(opened, first)
        await a.proposed(opened, event_id, members[1:], organisation_id=club)

        with pytest.raises(QuotaFilledMeanwhile, match="1 von 1"):
            await readmit(opened, first)


async def test_what_the_association_took_back_is_not_readmitted(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = await a.people(opened, 1)
        club = await a.association(opened, members=members, quota=(event_id, 1))
        (proposal,) = await a.proposed(opened, event_id, members, organisation_id=club)
        await take_back(opened, proposal, club)

        with pytest.raises(NotRefused):
            await readmit(opened, proposal)
        with pytest.raises(ProposalUnknown):
            await readmit(opened, uuid4())


async def test_nobody_is_readmitted_to_a_concert_that_is_called_off(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        (proposal,) = await a.proposed(opened, event_id, [await a.person(opened)])
        await take_back(opened, proposal)
        await opened.execute(
            """
            update honouring_event set phase = 'cancelled', cancelled_at = now()
            where honouring_event_id = $1
            """,
            event_id,
        )

        with pytest.raises(EventIsOver):
            await readmit(opened, proposal)


async def test_the_page_offers_to_take_a_refusal_back(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        (proposal,) = await a.proposed(opened, event_id, [await a.person(opened)])
    path = f"{LIST}/{event_id}/vorschlaege"

    early = await foundation.post(f"{path}/{proposal}/zulassen")
    await foundation.post(f"{path}/{proposal}/ablehnen")
    shown = await foundation.get(f"{path}?stand=refused")
    answer = await foundation.post(f"{path}/{proposal}/zulassen")

    async with pool.acquire() as connection:
        found = await proposals.find(connection, proposal)
    assert found is not None
    assert early.status_code == 422
    assert "Dieser Vorschlag ist nicht abgelehnt." in early.text
    assert "Ablehnung zurücknehmen" in shown.text
    assert (answer.status_code, found.state) == (303, "proposed")


async def test_closed_proposals_are_opened_again_from_their_page(
    foundation: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
    path = f"{LIST}/{event_id}"

    await foundation.post(f"{path}/vorschlaege/schliessen")
    shown = await foundation.get(f"{path}/vorschlaege")
    await foundation.post(f"{path}/kontingente/bitten", {"expected": "0"})
    again = await foundation.get(f"{path}/vorschlaege")

    assert f'href="{path}/kontingente/bitten"' in shown.text
    assert "Wieder öffnen" in shown.text
    assert "Wieder öffnen" not in again.text
    assert "Vorschläge schließen" in again.text


async def test_proposals_are_taken_along_and_it_is_noted(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        people = [await a.person(opened, name) for name in ("Max =SUMME(1)", "Uta Rest")]
        await a.proposed(opened, event_id, people)
    path = f"{LIST}/{event_id}/vorschlaege/tabelle"

    sheet = await foundation.post(f"{path}?suche=summe&stand=proposed")
    none = await foundation.post(f"{path}?stand=refused")
    foundation.sign_in(Role.PROTOCOL)
    other = await foundation.post(path)

    header, line = sheet.content.decode("utf-8-sig").splitlines()
    assert header == "Nachname;Vorname;Vorgeschlagen von;Gruppe;Stand;Am"
    assert line.startswith("'=SUMME(1);Max;Stiftung;Engagierte;Vorgeschlagen;")
    assert len(none.content.decode().splitlines()) == 1
    assert other.status_code == 403
    noted = "select count(*) from audit_entry where action = 'export_proposals'"
    assert await pool.fetchval(noted) == 2
