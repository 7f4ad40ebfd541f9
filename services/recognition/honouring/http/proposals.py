"""The people who are proposed as guests, as the foundation sees and completes them."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from services.recognition.honouring.commands.withdraw_proposal import (
    WithdrawProposal,
    withdraw_proposal,
)
from services.recognition.honouring.http.acting import PLANS, SEES, acting
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.model import GuestCategory
from services.recognition.honouring.store import events, known, proposal_list, proposals
from shared.errors import Refused
from shared.text import clean
from shared.web.forms import read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, see_other
from shared.web.request import Request

UNPROCESSABLE = 422
PROPOSALS = f"{LIST}/{{event_id:uuid}}/vorschlaege"
MOST_FOUND: Final = 20
LEAST_SEARCH: Final = 2
"""Characters that a search for people needs."""


class ProposalForm(msgspec.Struct, kw_only=True):
    """Whom the foundation itself proposes."""

    person_id: UUID
    category: GuestCategory = "volunteer"


@get(PROPOSALS, opt=SEES)
async def get_proposals(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show the proposals, and people to be added."""
    return await _show(request, event_id)


@post(PROPOSALS, opt=PLANS)
async def post_proposal(request: Request, event_id: FromPath[UUID]) -> Page:
    """Propose a person as the foundation."""
    form = await read_form(request, ProposalForm)
    if not form.is_valid:
        return await _show(request, event_id, "Bitte wählen Sie eine Person aus.")
    command = ProposeGuest(
        honouring_event_id=event_id,
        person_id=form.value.person_id,
        category=form.value.category,
        proposed_by=request.signed_in.subject,
    )
    try:
        async with acting(request, "propose_guest", event_id) as opened:
            await propose_guest(opened, command)
    except Refused as refusal:
        return await _show(request, event_id, refusal.sentence)
    sentence = "Die Person ist auf der Liste."
    return see_other(request, f"{LIST}/{event_id}/vorschlaege", sentence)


@post(f"{PROPOSALS}/{{proposal_id:uuid}}/ablehnen", opt=PLANS)
async def post_refusal(
    request: Request, event_id: FromPath[UUID], proposal_id: FromPath[UUID]
) -> Page:
    """Refuse a proposal."""
    async with acting(request, "refuse_proposal", event_id) as opened:
        command = WithdrawProposal(guest_proposal_id=proposal_id, organisation_id=None)
        await withdraw_proposal(opened, command)
    sentence = "Der Vorschlag ist abgelehnt."
    return see_other(request, f"{LIST}/{event_id}/vorschlaege", sentence)


@post(f"{PROPOSALS}/schliessen", opt=PLANS)
async def post_close_nomination(request: Request, event_id: FromPath[UUID]) -> Page:
    """Take no more proposals from associations."""
    async with acting(request, "close_nomination", event_id) as opened:
        await close_nomination(opened, CloseNomination(honouring_event_id=event_id))
    sentence = "Die Vorschläge sind geschlossen. Jetzt können Sie Gäste auswählen."
    return see_other(request, f"{LIST}/{event_id}/auswahl", sentence)


async def _show(request: Request, event_id: UUID, refusal: str = "") -> Page:
    listing = read_listing(request, ["name"])
    state = request.query_params.get("stand", "")
    wanted = clean(request.query_params.get("person", ""), "person").strip()[:100]
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        listed = await proposal_list.page(
            connection,
            event_id,
            listing.search,
            state if state in labels.PROPOSALS else "",
            listing.offset,
        )
        counts = await proposals.counts(connection, event_id)
        found = (
            await known.search_people(connection, wanted, MOST_FOUND)
            if len(wanted) >= LEAST_SEARCH
            else []
        )
    return event_page(
        request,
        "vorschlaege.html",
        event,
        tab="vorschlaege",
        status=UNPROCESSABLE if refusal else 200,
        listing=listing,
        proposals=listed,
        total=listed[0].total if listed else 0,
        counts=counts,
        state=state,
        wanted=wanted,
        found=found,
        refusal=refusal,
    )


ROUTES = [get_proposals, post_proposal, post_refusal, post_close_nomination]
