"""Who belongs to a committee, and who sees its meetings."""

from datetime import date
from uuid import uuid4

import pytest

from services.events.committees.commands.admit_member import AdmitMember, admit_member
from services.events.committees.commands.dismiss_member import DismissMember, dismiss_member
from services.events.committees.commands.found_committee import FoundCommittee, found_committee
from services.events.committees.commands.give_member_link import GiveMemberLink, give_member_link
from services.events.committees.commands.plan_meeting import PlanMeeting, plan_meeting
from services.events.committees.commands.revoke_member_link import (
    RevokeMemberLink,
    revoke_member_link,
)
from services.events.committees.model import (
    CommitteeUnknown,
    MemberUnknown,
)
from services.events.committees.store import meetings, members
from services.events.store.calendar import find_written
from services.events.store.events import public_events
from shared.database import Connection
from shared.errors import Malformed
from shared.web.tokens import hash_token
from tests.events.builders import EDITOR, NOW, content
from tests.events.calendars import SITE, fed
from tests.events.committees.groups import JOINED, Group, founded, planned


@pytest.fixture
async def group(transaction: Connection) -> Group:
    return await founded(transaction)


async def opens(transaction: Connection, token: str) -> bool:
    return await members.find_holder(transaction, hash_token(token)) is not None


async def test_a_meeting_is_seen_by_members_and_told_to_nobody(
    transaction: Connection, group: Group
) -> None:
    event = await planned(transaction, group)

    found = await meetings.written(transaction, group.committee_id)
    [vevent] = found.vevents
    public = await fed(transaction)
    assert (event.state, event.visibility) == ("published", "committee")
    assert b"CLASS:PRIVATE\r\n" in vevent
    assert b"\r\nURL" not in vevent
    assert found.zones == {"Europe/Berlin"}
    assert public == []
    assert await public_events(transaction, [event.calendar_event_id]) == []
    assert await find_written(transaction, event.calendar_event_id) is None
    assert await transaction.fetchval("select count(*) from outbox") == 0


async def test_another_committee_sees_nothing(transaction: Connection, group: Group) -> None:
    await planned(transaction, group)
    other = await founded(transaction)

    assert (await meetings.written(transaction, other.committee_id)).vevents == []
    assert await meetings.meetings(transaction, other.committee_id, NOW, 10) == []


async def test_a_series_is_listed_date_by_date(transaction: Connection, group: Group) -> None:
    await planned(transaction, group, recurrence="FREQ=WEEKLY;COUNT=3")

    assert len(await meetings.meetings(transaction, group.committee_id, NOW, 10)) == 3


async def test_a_new_link_takes_the_place_of_the_old_one(
    transaction: Connection, group: Group
) -> None:
    new = await give_member_link(transaction, GiveMemberLink(group.committee_id, group.member_id))

    assert len(new.token) == 22
    assert not await opens(transaction, group.token)
    assert await opens(transaction, new.token)


async def test_a_link_that_was_called_back_opens_nothing(
    transaction: Connection, group: Group
) -> None:
    command = RevokeMemberLink(group.committee_id, group.member_id)

    await revoke_member_link(transaction, command)
    await revoke_member_link(transaction, command)

    assert not await opens(transaction, group.token)


async def test_who_has_left_sees_nothing_more_and_gets_no_link(
    transaction: Connection, group: Group
) -> None:
    leaving = DismissMember(group.committee_id, group.member_id, date(2026, 2, 1))
    await dismiss_member(transaction, leaving)
    # The link alone must not be what keeps somebody out.
    await transaction.execute("update committee_link set revoked_at = null")

    assert not await opens(transaction, group.token)
    with pytest.raises(MemberUnknown):
        await give_member_link(transaction, GiveMemberLink(group.committee_id, group.member_id))
    with pytest.raises(MemberUnknown):
        await dismiss_member(transaction, leaving)


async def test_whoever_leaves_loses_the_link(transaction: Connection, group: Group) -> None:
    leaving = DismissMember(group.committee_id, group.member_id, date(2020, 1, 1))

    await dismiss_member(transaction, leaving)

    [member] = await members.members(transaction, group.committee_id)
    assert (member.has_link, member.left_on) == (False, JOINED)
    assert not await opens(transaction, group.token)


async def test_a_member_of_another_committee_is_unknown_here(
    transaction: Connection, group: Group
) -> None:
    other = await founded(transaction)

    with pytest.raises(MemberUnknown):
        await give_member_link(transaction, GiveMemberLink(other.committee_id, group.member_id))
    with pytest.raises(MemberUnknown):
        await revoke_member_link(transaction, RevokeMemberLink(other.committee_id, group.member_id))
    with pytest.raises(MemberUnknown):
        await dismiss_member(
            transaction, DismissMember(other.committee_id, group.member_id, JOINED)
        )


async def test_a_committee_that_is_not_there_is_unknown(transaction: Connection) -> None:
    with pytest.raises(CommitteeUnknown):
        await admit_member(transaction, AdmitMember(uuid4(), "Grit", "", JOINED))
    with pytest.raises(CommitteeUnknown):
        await plan_meeting(transaction, PlanMeeting(uuid4(), content(), EDITOR), SITE, NOW)


async def test_a_name_is_taken_once(transaction: Connection, group: Group) -> None:
    with pytest.raises(Malformed):
        await found_committee(transaction, FoundCommittee(group.name.upper(), "other"))


async def test_those_who_left_are_forgotten_after_a_while(
    transaction: Connection, group: Group
) -> None:
    await dismiss_member(
        transaction, DismissMember(group.committee_id, group.member_id, date(2026, 2, 1))
    )

    early = await members.forget_members(transaction, date(2026, 2, 1), 10)
    late = await members.forget_members(transaction, date(2026, 2, 2), 10)

    assert (early, late) == (0, 1)
    assert await transaction.fetchval("select count(*) from committee_link") == 0
