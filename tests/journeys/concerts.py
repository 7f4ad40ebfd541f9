"""Brings a concert to the point where its guests have their invitations."""

import asyncio

import msgspec

from tests.journeys import guests
from tests.journeys.lists import Lists, Person
from tests.journeys.mailbox import Mailbox, Received
from tests.journeys.staff import Plan, Planner
from tests.journeys.system import System


class Cast(msgspec.Struct, frozen=True):
    """What a concert needs: a planner, guests whom registry knows, and their mailbox."""

    system: System
    mailbox: Mailbox
    planner: Planner


class Concert(msgspec.Struct, frozen=True):
    """A concert to which everybody on its lists is invited."""

    path: str
    """Address of its page in the console."""
    plan: Plan
    lists: Lists
    mailbox: Mailbox

    @property
    def by_mail(self) -> list[Person]:
        """Return the guests with an e-mail address."""
        return [person for person in self.lists.people if person.email]

    @property
    def by_letter(self) -> list[Person]:
        """Return the guests without one."""
        return [person for person in self.lists.people if not person.email]

    async def invitation(self, person: Person) -> Received:
        """Wait for a guest's invitation and open it."""
        return await self.mailbox.expect(person.email, f"Einladung: {self.plan.title}")

    async def links(self) -> list[str]:
        """Return the links of all guests with an e-mail address, in the order of the list."""
        mails = await asyncio.gather(*(self.invitation(person) for person in self.by_mail))
        return [mail.link for mail in mails]


async def prepare(cast: Cast, plan: Plan, lists: Lists) -> Concert:
    """Plan a concert, have the association propose all its people, and draw all of them."""
    path = await cast.planner.plan(plan)
    await cast.planner.set_quota(path, lists.association.name, len(lists.people))
    links = await cast.planner.ask_for_proposals(path)
    async with guests.association(cast.system.notes.gateway) as association:
        await association.open_link(links[lists.association.name])
        for person in lists.people:
            await association.propose(person.family_name)
    await cast.planner.close_proposals(path)
    await cast.planner.draw(path, len(lists.people))
    return Concert(path, plan, lists, cast.mailbox)


async def invite(cast: Cast, plan: Plan, lists: Lists) -> Concert:
    """Prepare a concert and send one wave to everybody on the lists."""
    concert = await prepare(cast, plan, lists)
    await cast.planner.send_wave(concert.path)
    return concert
