"""Puts committees with a member and a meeting into a database, committed, as editors would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.events.committees.commands.admit_member import AdmitMember, admit_member
from services.events.committees.commands.found_committee import FoundCommittee, found_committee
from services.events.committees.commands.give_member_link import GiveMemberLink, give_member_link
from services.events.committees.commands.plan_meeting import PlanMeeting, plan_meeting
from services.events.model import CalendarEvent
from shared.database import Connection, Pool, transaction
from tests.events.builders import EDITOR, content
from tests.events.calendars import SITE, in_days

JOINED = date(2026, 1, 1)


class Group(msgspec.Struct, frozen=True):
    """A committee, one of its members, and the secret of that member's link."""

    committee_id: UUID
    name: str
    member_id: UUID
    token: str


async def founded(opened: Connection) -> Group:
    """Enter a committee with a member who has a link, in this transaction."""
    name = f"Koordinierungskreis {uuid4()}"
    committee_id = await found_committee(opened, FoundCommittee(name, "coordination"))
    admission = AdmitMember(committee_id, "Grit Ohnesorg", "grit@example.org", JOINED)
    member_id = await admit_member(opened, admission)
    link = await give_member_link(opened, GiveMemberLink(committee_id, member_id))
    return Group(committee_id, name, member_id, link.token)


async def a_group(pool: Pool) -> Group:
    """Enter a committee with a member who has a link."""
    async with transaction(pool) as opened:
        return await founded(opened)


async def planned(opened: Connection, group: Group, **changes: Any) -> CalendarEvent:
    """Enter a meeting in six days, in this transaction."""
    starts = in_days(6, 17)
    given = {
        "title": "Sitzung",
        "categories": [],
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        **changes,
    }
    command = PlanMeeting(group.committee_id, content(**given), EDITOR)
    return await plan_meeting(opened, command, SITE, datetime.now(UTC))


async def meeting(pool: Pool, group: Group, **changes: Any) -> CalendarEvent:
    """Enter a meeting in six days."""
    async with transaction(pool) as opened:
        return await planned(opened, group, **changes)
