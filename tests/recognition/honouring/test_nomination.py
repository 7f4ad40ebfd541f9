"""Associations propose their own people, within their quota, in time; the foundation decides."""

import asyncio
from uuid import UUID, uuid4

import pytest

from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    NobodyToAsk,
    invite_organisations,
)
from services.recognition.honouring.commands.open_nomination import OpenNomination, open_nomination
from services.recognition.honouring.commands.propose_guest import (
    AlreadyProposed,
    NominationOver,
    NotEngagedHere,
    PersonUnknown,
    ProposeGuest,
    QuotaUsedUp,
    propose_guest,
)
from services.recognition.honouring.commands.set_quotas import (
    OrganisationUnknown,
    QuotaBelowProposals,
    QuotaOutOfRange,
    SetQuotas,
    set_quotas,
)
from services.recognition.honouring.commands.set_usual_quotas import (
    SetUsualQuotas,
    set_usual_quotas,
)
from services.recognition.honouring.commands.withdraw_proposal import (
    ProposalDecided,
    ProposalUnknown,
    WithdrawProposal,
    withdraw_proposal,
)
from services.recognition.honouring.links import token_hash
from services.recognition.honouring.nomination import usual_places
from services.recognition.honouring.planning import PhaseForbids
from services.recognition.honouring.store import proposal_list, proposals, quotas
from shared.database import Connection, Pool
from shared.database import transaction as open_transaction
from shared.errors import Refused
from tests.recognition.honouring import builders as a


async def by_link(
    transaction: Connection, event_id: UUID, person_id: UUID, organisation_id: UUID
) -> UUID:
    return await propose_guest(
        transaction,
        ProposeGuest(
            honouring_event_id=event_id,
            person_id=person_id,
            organisation_id=organisation_id,
            proposed_by="association",
            by_link=True,
        ),
    )


@pytest.mark.parametrize(
    ("engaged", "places"), [(0, 3), (5, 3), (6, 4), (20, 5), (40, 6), (900, 7)]
)
def test_the_usual_quota_is_three_to_seven_by_size(engaged: int, places: int) -> None:
    assert usual_places(engaged) == places


async def test_the_usual_quotas_leave_those_alone_that_were_set(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    generous = await a.association(transaction, "A", quota=(event_id, 12))
    small = await a.association(transaction, "B", members=await a.people(transaction, 8))

    await set_usual_quotas(transaction, SetUsualQuotas(honouring_event_id=event_id))

    places = {one.organisation_id: one.places for one in await quotas.listed(transaction, event_id)}
    assert (places[generous], places[small]) == (12, 4)


async def test_a_quota_cannot_fall_below_what_was_proposed(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    members = await a.people(transaction, 2)
    club = await a.association(transaction, members=members, quota=(event_id, 2))
    for member in members:
        await by_link(transaction, event_id, member, club)

    with pytest.raises(QuotaBelowProposals):
        await set_quotas(transaction, SetQuotas(honouring_event_id=event_id, places={club: 1}))


async def test_quotas_are_set_all_or_none(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    club = await a.association(transaction)
    wrong: list[tuple[dict[UUID, int], type[Refused]]] = [
        ({club: 3, uuid4(): 3}, OrganisationUnknown),
        ({club: -1}, QuotaOutOfRange),
    ]

    for places, refusal in wrong:
        with pytest.raises(refusal):
            await set_quotas(transaction, SetQuotas(honouring_event_id=event_id, places=places))
    assert [one.places for one in await quotas.listed(transaction, event_id)] == [None]


async def test_an_association_proposes_up_to_its_quota(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    members = await a.people(transaction, 3)
    club = await a.association(transaction, members=members, quota=(event_id, 2))
    for member in members[:2]:
        await by_link(transaction, event_id, member, club)

    with pytest.raises(QuotaUsedUp):
        await by_link(transaction, event_id, members[2], club)


async def test_an_association_that_clicks_fast_gets_no_more_than_its_quota(pool: Pool) -> None:
    async with open_transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = await a.people(opened, 8)
        club = await a.association(opened, members=members, quota=(event_id, 3))

    async def click(person_id: UUID) -> bool:
        try:
            async with open_transaction(pool) as opened:
                await by_link(opened, event_id, person_id, club)
        except QuotaUsedUp:
            return False
        return True

    outcomes = await asyncio.gather(*(click(member) for member in members))

    assert outcomes.count(True) == 3


async def test_an_association_proposes_only_its_own_people(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await a.association(transaction, quota=(event_id, 3))

    with pytest.raises(NotEngagedHere):
        await by_link(transaction, event_id, await a.person(transaction), club)


async def test_a_person_is_proposed_once_for_a_concert(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    member = await a.person(transaction)
    clubs = [
        await a.association(transaction, name, members=[member], quota=(event_id, 3))
        for name in ("A", "B")
    ]
    await by_link(transaction, event_id, member, clubs[0])

    with pytest.raises(AlreadyProposed):
        await by_link(transaction, event_id, member, clubs[1])


async def test_nobody_proposes_a_stranger(transaction: Connection) -> None:
    event_id = await a.opened(transaction)

    with pytest.raises(PersonUnknown):
        await a.proposed(transaction, event_id, [uuid4()])


async def test_a_link_proposes_only_while_proposals_are_open(transaction: Connection) -> None:
    event_id = await a.planned(transaction)
    member = await a.person(transaction)
    club = await a.association(transaction, members=[member], quota=(event_id, 3))

    with pytest.raises(PhaseForbids):
        await by_link(transaction, event_id, member, club)


async def test_a_link_proposes_nobody_after_the_deadline(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    member = await a.person(transaction)
    club = await a.association(transaction, members=[member], quota=(event_id, 3))
    await transaction.execute("update honouring_event set nominate_by_on = current_date - 1")

    with pytest.raises(NominationOver):
        await by_link(transaction, event_id, member, club)


async def test_the_foundation_may_still_propose_after_the_deadline(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    await transaction.execute("update honouring_event set nominate_by_on = current_date - 1")

    await a.proposed(transaction, event_id, [await a.person(transaction)])

    assert len(await proposals.candidates(transaction, event_id)) == 1


async def test_a_withdrawn_proposal_makes_room_for_another(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    members = await a.people(transaction, 2)
    club = await a.association(transaction, members=members, quota=(event_id, 1))
    first = await by_link(transaction, event_id, members[0], club)

    await withdraw_proposal(
        transaction, WithdrawProposal(guest_proposal_id=first, organisation_id=club)
    )

    assert isinstance(await by_link(transaction, event_id, members[1], club), UUID)


async def test_a_withdrawn_person_can_be_proposed_again(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    member = await a.person(transaction)
    clubs = [
        await a.association(transaction, name, members=[member], quota=(event_id, 1))
        for name in ("A", "B")
    ]
    first = await by_link(transaction, event_id, member, clubs[0])
    await withdraw_proposal(
        transaction, WithdrawProposal(guest_proposal_id=first, organisation_id=clubs[0])
    )

    await by_link(transaction, event_id, member, clubs[1])

    assert await proposals.count_of(transaction, event_id, clubs[1]) == 1


async def test_an_association_cannot_withdraw_anothers_proposal(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    member = await a.person(transaction)
    club = await a.association(transaction, members=[member], quota=(event_id, 1))
    proposal = await by_link(transaction, event_id, member, club)

    with pytest.raises(ProposalUnknown):
        await withdraw_proposal(
            transaction, WithdrawProposal(guest_proposal_id=proposal, organisation_id=uuid4())
        )


async def test_what_the_foundation_refuses_stays_refused(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    person_id = await a.person(transaction)
    (proposal,) = await a.proposed(transaction, event_id, [person_id])
    await withdraw_proposal(
        transaction, WithdrawProposal(guest_proposal_id=proposal, organisation_id=None)
    )

    with pytest.raises(AlreadyProposed):
        await a.proposed(transaction, event_id, [person_id])


async def test_an_invited_guest_is_not_taken_off_the_list_of_proposals(
    transaction: Connection,
) -> None:
    event_id, _ = await a.invited(transaction, 1)
    proposal = await transaction.fetchval(
        "select guest_proposal_id from guest_proposal where honouring_event_id = $1", event_id
    )

    with pytest.raises(ProposalDecided):
        await withdraw_proposal(
            transaction, WithdrawProposal(guest_proposal_id=proposal, organisation_id=None)
        )


async def test_each_association_with_a_quota_gets_one_link(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await a.association(transaction, quota=(event_id, 3))
    await a.association(transaction, "Ohne Kontingent")

    (link,) = await invite_organisations(
        transaction, InviteOrganisations(honouring_event_id=event_id)
    )

    opened = await quotas.find_by_link(transaction, token_hash(link.token))
    assert opened is not None
    assert (opened.organisation_id, opened.places) == (club, 3)
    with pytest.raises(NobodyToAsk):
        await invite_organisations(transaction, InviteOrganisations(honouring_event_id=event_id))


async def test_a_lost_link_is_replaced_for_one_association(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await a.association(transaction, quota=(event_id, 3))
    command = InviteOrganisations(honouring_event_id=event_id, organisation_id=club)

    (first,) = await invite_organisations(transaction, command)
    (second,) = await invite_organisations(transaction, command)

    assert first.token != second.token
    assert await quotas.find_by_link(transaction, token_hash(first.token))


async def test_a_link_ends_a_month_after_the_deadline(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.association(transaction, quota=(event_id, 3))
    (link,) = await invite_organisations(
        transaction, InviteOrganisations(honouring_event_id=event_id)
    )
    await transaction.execute("update capability_link set expires_at = now()")

    assert await quotas.find_by_link(transaction, token_hash(link.token)) is None


async def test_proposals_can_be_opened_again_after_they_were_closed(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    await close_nomination(transaction, CloseNomination(honouring_event_id=event_id))

    await open_nomination(transaction, OpenNomination(honouring_event_id=event_id))

    with pytest.raises(PhaseForbids):
        await open_nomination(transaction, OpenNomination(honouring_event_id=event_id))


async def test_an_association_finds_its_people_by_a_part_of_the_name(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    grit = await a.person(transaction, "Grit Löwe")
    club = await a.association(
        transaction, members=[grit, await a.person(transaction, "Jan Muster")], quota=(event_id, 3)
    )
    await a.person(transaction, "Fremde Löwe")
    await by_link(transaction, event_id, grit, club)

    found = await proposal_list.engaged_people(transaction, event_id, club, "LÖW", 20)

    assert [(one.person_id, one.state, one.is_ours) for one in found] == [(grit, "proposed", True)]


async def test_names_are_sorted_as_in_a_telephone_book(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    names = ["Uwe Zander", "Ida Öhler", "Jan Oder", "Ute Straße", "Ada Strasser"]
    members = [await a.person(transaction, name) for name in names]
    club = await a.association(transaction, members=members, quota=(event_id, 3))

    found = await proposal_list.engaged_people(transaction, event_id, club, "", 20)

    assert [one.family_name for one in found] == ["Oder", "Öhler", "Straße", "Strasser", "Zander"]
