"""Enters what the made-up city's editors keep, by the commands that editors use."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from deploy.demo.calendar import invent_calendar
from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.commands.submit_event import SubmitEvent, submit_event
from services.events.associations.model import Association
from services.events.commands.add_district import AddDistrict, add_district
from services.events.commands.add_organiser import AddOrganiser, add_organiser
from services.events.commands.add_place import AddPlace, add_place
from services.events.commands.cancel_date import CancelDate, cancel_date
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.committees.commands.admit_member import AdmitMember, admit_member
from services.events.committees.commands.found_committee import FoundCommittee, found_committee
from services.events.committees.commands.plan_meeting import PlanMeeting, plan_meeting
from services.events.content import EventContent
from services.events.recurrence import dates
from services.events.site import Site
from shared.database import Connection, Pool, transaction

BY = "Demodaten"
COMMITTEE = "Steuerungsgruppe Ehrenamt"
MEMBERS = ("Grit Ohnesorg", "Malte Weidenbach", "Hatice Brunn")


class _Known(msgspec.Struct, frozen=True):
    """Ids of places and organisers by name."""

    places: dict[str, UUID]
    organisers: dict[str, UUID]

    def named(self, content: EventContent) -> EventContent:
        """Return an event with the ids of its place and its organiser."""
        return msgspec.structs.replace(
            content,
            place_id=self.places[content.place_name],
            organiser_id=self.organisers.get(content.organiser),
        )


async def load_calendar(events: Pool, site: Site) -> None:
    """Enter the editors' calendar in one transaction, unless it is there already."""
    now = datetime.now(UTC)
    async with transaction(events) as opened:
        if await opened.fetchval("select exists (select from place)"):
            return
        invented = invent_calendar(now.date())
        for title in invented.districts:
            await add_district(opened, AddDistrict(title))
        known = _Known(
            {one.name: await add_place(opened, AddPlace(one), now) for one in invented.places},
            {
                one.name: await add_organiser(opened, AddOrganiser(one), now)
                for one in invented.organisers
            },
        )
        for content in invented.published:
            await _publish(opened, known.named(content), site, now)
        await _submit(opened, known.named(invented.submitted), site, now)
        await _meet(opened, known.named(invented.meeting), site, now)


async def _publish(opened: Connection, content: EventContent, site: Site, now: datetime) -> None:
    """Publish an event; of a series the third date falls out, so that one sees how it looks."""
    draft = await draft_event(opened, DraftEvent(content, BY), site, now)
    command = PublishEvent(draft.calendar_event_id, draft.version, BY)
    event = await publish_event(opened, command, site, now)
    if event.recurrence:
        third = dates(event, event.starts, event.starts.replace(year=event.starts.year + 1), 3)[-1]
        off = CancelDate(event.calendar_event_id, event.version, third.original, BY)
        await cancel_date(opened, off, site, now)


async def _submit(opened: Connection, content: EventContent, site: Site, now: datetime) -> None:
    if content.organiser_id is None:
        raise LookupError(content.organiser)
    association = Association(content.organiser_id, content.organiser)
    draft = await draft_own_event(opened, DraftOwnEvent(association, content), site, now)
    submitted = SubmitEvent(association, draft.calendar_event_id, draft.version)
    await submit_event(opened, submitted, site, now)


async def _meet(opened: Connection, content: EventContent, site: Site, now: datetime) -> None:
    committee_id = await found_committee(opened, FoundCommittee(COMMITTEE, "steering"))
    for name in MEMBERS:
        await admit_member(opened, AdmitMember(committee_id, name, "", now.date()))
    await plan_meeting(opened, PlanMeeting(committee_id, content, BY), site, now)
