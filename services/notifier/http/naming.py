"""Says which lines of the ledger a member of staff sees, and whom and what they name there."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args
from uuid import UUID

import msgspec

from services.notifier import wording
from services.notifier.gathering import MAIL_ONLY, organisations, people
from services.notifier.model import Purpose
from services.notifier.store.overview import Listed
from shared.asks import AskFailed, Asks
from shared.auth import Role, Staff
from shared.contracts.courses import CourseParticipants, CourseRunDetails, CourseRuns
from shared.web.access import staff
from shared.web.request import Request

SENDS: Final = frozenset({Role.FOUNDATION, Role.CLERK, Role.PROTOCOL})
"""Who may see to which guest or association a message goes; the operator sees that one goes."""
_TEACHES: Final = frozenset({Role.EDITOR})
NAMES: Final = SENDS | _TEACHES
"""Who sees names: editors those of participants of courses, whom they look after anyway."""
OVERSEES: Final = SENDS | {Role.ADMIN}
"""Who sees messages of all purposes; editors see those that are answered by events."""
SEES: Final = staff(*NAMES, *OVERSEES)
EVERY_PURPOSE: Final[tuple[Purpose, ...]] = get_args(Purpose)


class Named(msgspec.Struct, frozen=True):
    """What some lines are called by; what is not known, or nobody's business, is left out."""

    people: Mapping[UUID, str]
    """By the id of a person, an organisation or a registration."""
    runs: Mapping[UUID, CourseRunDetails]
    is_complete: bool
    """Every service that was asked has answered."""

    def name(self, line: Listed) -> str:
        """Return to whom a message goes; empty if that is not to be said."""
        for recipient in (line.person_id, line.organisation_id, line.course_registration_id):
            if recipient and recipient in self.people:
                return self.people[recipient]
        return ""

    def title(self, line: Listed) -> str:
        """Return the concert or course that a message is about; empty if it is not known."""
        run = self.runs.get(line.course_run_id) if line.course_run_id else None
        return run.title if run else line.event_title


def visible_purposes(member: Staff) -> tuple[Purpose, ...]:
    """Return the purposes of the messages that somebody sees, in their order."""
    if member.roles & OVERSEES:
        return EVERY_PURPOSE
    return tuple(purpose for purpose in EVERY_PURPOSE if purpose in MAIL_ONLY)


async def name(request: Request, lines: Sequence[Listed], runs: Sequence[UUID] = ()) -> Named:
    """Return what these lines are called by, and these runs of courses besides."""
    named: dict[UUID, str] = {}
    titles: dict[UUID, CourseRunDetails] = {}
    is_complete = True
    about = {*runs, *(line.course_run_id for line in lines if line.course_run_id)}
    try:
        titles = {run.course_run_id: run for run in await request.asks(CourseRuns, about)}
    except AskFailed:
        is_complete = False
    for roles, recipients in ((SENDS, _guests_and_associations), (_TEACHES, _participants)):
        if request.signed_in.roles & roles:
            try:
                named |= await recipients(request.asks, lines)
            except AskFailed:
                is_complete = False
    return Named(named, titles, is_complete)


async def _participants(asks: Asks, lines: Sequence[Listed]) -> dict[UUID, str]:
    ids = [line.course_registration_id for line in lines if line.course_registration_id]
    found = await asks(CourseParticipants, ids)
    return {one.course_registration_id: one.name for one in found}


async def _guests_and_associations(asks: Asks, lines: Sequence[Listed]) -> dict[UUID, str]:
    known = await people(asks, [line.person_id for line in lines if line.person_id])
    asked = await organisations(
        asks, [line.organisation_id for line in lines if line.organisation_id]
    )
    return {person_id: wording.full_name(person) for person_id, person in known.items()} | {
        organisation_id: organisation.name for organisation_id, organisation in asked.items()
    }
