"""The editors' pages about committees: who belongs to them and when they meet."""

from datetime import UTC, date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.committees.commands.admit_member import AdmitMember, admit_member
from services.events.committees.commands.found_committee import FoundCommittee, found_committee
from services.events.committees.model import KINDS, Committee, CommitteeUnknown, Kind
from services.events.committees.store import committees, meetings, members
from services.events.content import DEFAULT_ZONE
from services.events.http.acting import EDITS, UNPROCESSABLE
from services.events.wording import STATES, when_dated
from shared import audit
from shared.database import Connection, transaction
from shared.errors import Refused
from shared.ical.timezone import wall_clock
from shared.web.forms import Email, Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

COMMITTEES: Final = "/konsole/gremien"
ONE: Final = f"{COMMITTEES}/{{committee_id:uuid}}"
MOST_DATES: Final = 6


class CommitteeForm(msgspec.Struct, kw_only=True):
    """A committee."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    kind: Kind


class MemberForm(msgspec.Struct, kw_only=True):
    """Somebody who belongs to a committee."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    email: Email | None = None
    joined_on: date


@get(COMMITTEES, opt=EDITS)
async def get_committees(request: Request) -> Page:
    """List the committees."""
    return await _list_page(request, empty_form(CommitteeForm))


@post(COMMITTEES, opt=EDITS)
async def post_committee(request: Request) -> Page:
    """Enter a committee."""
    form = await read_form(request, CommitteeForm)
    if not form.is_valid:
        return await _list_page(request, form)
    try:
        async with transaction(request.pool) as opened:
            command = FoundCommittee(form.value.name, form.value.kind)
            committee_id = await found_committee(opened, command)
            await note(request, opened, "found_committee", committee_id)
    except Refused as refusal:
        form.refuse(refusal)
        return await _list_page(request, form)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Das Gremium ist eingetragen.")


@get(ONE, opt=EDITS)
async def get_committee(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Show a committee's members and its next dates."""
    form = empty_form(MemberForm, {"joined_on": today()})
    return await _one_page(request, committee_id, form)


@post(f"{ONE}/mitglieder", opt=EDITS)
async def post_member(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Enter a member."""
    form = await read_form(request, MemberForm)
    if not form.is_valid:
        return await _one_page(request, committee_id, form)
    given = form.value
    async with transaction(request.pool) as opened:
        command = AdmitMember(committee_id, given.name, given.email or "", given.joined_on)
        await admit_member(opened, command)
        await note(request, opened, "admit_member", committee_id)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Das Mitglied ist eingetragen.")


def today() -> date:
    """Return the day in the city."""
    return wall_clock(datetime.now(UTC), DEFAULT_ZONE).date()


async def known_committee(connection: Connection, committee_id: UUID) -> Committee:
    """Return a committee.

    Raises:
        CommitteeUnknown: there is none.
    """
    committee = await committees.find_committee(connection, committee_id)
    if committee is None:
        raise CommitteeUnknown
    return committee


async def note(request: Request, opened: Connection, action: str, committee_id: UUID) -> None:
    """Write down what an editor has done about a committee, without names."""
    await audit.note(
        opened,
        actor=request.signed_in.subject,
        action=action,
        concerns=f"committee:{committee_id}",
    )


async def _list_page(request: Request, form: Form[CommitteeForm]) -> Page:
    async with request.pool.acquire() as connection:
        found = await committees.committees(connection)
    return page(
        request,
        "konsole_gremien.html",
        status=UNPROCESSABLE if form.errors else 200,
        committees=found,
        kinds=KINDS,
        form=form,
    )


async def _one_page(request: Request, committee_id: UUID, form: Form[MemberForm]) -> Page:
    async with request.pool.acquire() as connection:
        committee = await known_committee(connection, committee_id)
        belonging = await members.members(connection, committee_id)
        dates = await meetings.meetings(connection, committee_id, datetime.now(UTC), MOST_DATES)
    return page(
        request,
        "konsole_gremium.html",
        status=UNPROCESSABLE if form.errors else 200,
        committee=committee,
        kind=KINDS[committee.kind],
        members=belonging,
        dates=[(dated, when_dated(dated)) for dated in dates],
        states=STATES,
        form=form,
    )


ROUTES: Final = [get_committees, post_committee, get_committee, post_member]
