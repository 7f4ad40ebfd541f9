"""The page on which an association proposes its guests, opened by its own link."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from services.recognition.honouring.commands.withdraw_proposal import (
    WithdrawProposal,
    withdraw_proposal,
)
from services.recognition.honouring.nomination import AssociationPass
from services.recognition.honouring.store import events, proposal_list, proposals, quotas, requests
from shared.database import Connection, transaction
from shared.errors import NotFound, Refused
from shared.text import clean
from shared.web.access import PUBLIC, capability
from shared.web.capability import check_misses, enter, missed
from shared.web.cookies import capability_cookie
from shared.web.forms import read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request
from shared.web.tokens import hash_token

KIND: Final = "organisation"
HERE: Final = "/verein"
CODE: Final = f"{HERE}/code"
MOST_FOUND: Final = 50
UNPROCESSABLE = 422


class PersonForm(msgspec.Struct, kw_only=True):
    """Whom the association proposes."""

    person_id: UUID


@get("/v/{token:str}", opt=PUBLIC)
async def get_link(request: Request, token: FromPath[str]) -> Response[str]:
    """Open an association's link; changes nothing."""
    check_misses(request)
    async with request.pool.acquire() as connection:
        found = await quotas.find_by_link(connection, hash_token(token))
    if found is None:
        raise missed(request)
    return enter(request, KIND, token, HERE)


@get(HERE, opt=PUBLIC)
async def get_association(request: Request) -> Page:
    """Show the association its quota, its proposals and its people; without a link, ask for a code.

    The planner sees when it was first shown: opening the link alone says nothing, for mail
    scanners do that too.
    """
    if capability_cookie(KIND) not in request.cookies:
        return see_other(request, CODE)
    async with transaction(request.pool) as opened:
        own = await _own(request, opened)
        await requests.note_opened(opened, own.honouring_event_id, own.organisation_id)
    return await _show(request)


@post(f"{HERE}/vorschlaege", opt=capability(KIND))
async def post_person(request: Request) -> Page:
    """Propose one of the association's people."""
    form = await read_form(request, PersonForm)
    if not form.is_valid:
        return await _show(request, "Bitte wählen Sie eine Person aus.")
    try:
        async with transaction(request.pool) as opened:
            own = await _own(request, opened)
            command = ProposeGuest(
                honouring_event_id=own.honouring_event_id,
                person_id=form.value.person_id,
                organisation_id=own.organisation_id,
                proposed_by=f"organisation:{own.organisation_id}",
                by_link=True,
            )
            await propose_guest(opened, command)
    except NotFound:
        raise
    except Refused as refusal:
        return await _show(request, refusal.sentence)
    return see_other(request, HERE, "Vielen Dank. Die Person ist vorgeschlagen.")


@post(f"{HERE}/vorschlaege/{{proposal_id:uuid}}/zurueckziehen", opt=capability(KIND))
async def post_withdrawal(request: Request, proposal_id: FromPath[UUID]) -> Page:
    """Take one of the association's proposals back."""
    try:
        async with transaction(request.pool) as opened:
            own = await _own(request, opened)
            command = WithdrawProposal(
                guest_proposal_id=proposal_id, organisation_id=own.organisation_id
            )
            await withdraw_proposal(opened, command)
    except NotFound:
        raise
    except Refused as refusal:
        return await _show(request, refusal.sentence)
    return see_other(request, HERE, "Der Vorschlag ist zurückgezogen.")


async def _own(request: Request, connection: Connection) -> AssociationPass:
    """Return what this browser's link opens, if it still does."""
    check_misses(request)
    found = await quotas.find_by_link(connection, request.capability(KIND))
    if found is None:
        raise missed(request)
    return found


async def _show(request: Request, refusal: str = "") -> Page:
    search = clean(request.query_params.get("suche", ""), "suche").strip()[:100]
    async with request.pool.acquire() as connection:
        own = await _own(request, connection)
        event = await events.get(connection, own.honouring_event_id)
        proposed = await proposal_list.of_association(
            connection, own.honouring_event_id, own.organisation_id
        )
        people = await proposal_list.engaged_people(
            connection, own.honouring_event_id, own.organisation_id, search, MOST_FOUND
        )
        used = await proposals.count_of(connection, own.honouring_event_id, own.organisation_id)
        now = await events.clock(connection)
    return page(
        request,
        "verein.html",
        status=UNPROCESSABLE if refusal else 200,
        event=event,
        own=own,
        used=used,
        proposed=proposed,
        people=people,
        search=search,
        most_found=MOST_FOUND,
        refusal=refusal,
        is_open=event.phase == "nomination_open" and now <= event.nominate_by,
        labels=labels,
    )


ROUTES = [get_link, get_association, post_person, post_withdrawal]
