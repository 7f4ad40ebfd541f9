"""The people who are proposed as guests, as the foundation sees and completes them."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from services.recognition.honouring.commands.readmit_proposal import (
    ReadmitProposal,
    readmit_proposal,
)
from services.recognition.honouring.commands.withdraw_proposal import (
    WithdrawProposal,
    withdraw_proposal,
)
from services.recognition.honouring.http.acting import PLANS, SEES, acting
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.model import GuestCategory
from services.recognition.honouring.store import events, known, proposal_list, proposals
from services.recognition.honouring.store.proposal_list import ListedProposal, ProposalPage
from shared.errors import Refused
from shared.german import german_day
from shared.text import clean
from shared.web.forms import read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, see_other
from shared.web.request import Request
from shared.web.sheets import csv_answer

UNPROCESSABLE = 422
PROPOSALS = f"{LIST}/{{event_id:uuid}}/vorschlaege"
MOST_FOUND: Final = 20
EXPORT_ROWS: Final = 20_000
HEADER: Final = ("Nachname", "Vorname", "Vorgeschlagen von", "Gruppe", "Stand", "Am")
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
    sentence = "Der Vorschlag ist abgelehnt. In der Liste können Sie das zurücknehmen."
    return see_other(request, f"{LIST}/{event_id}/vorschlaege", sentence)


@post(f"{PROPOSALS}/{{proposal_id:uuid}}/zulassen", opt=PLANS)
async def post_readmission(
    request: Request, event_id: FromPath[UUID], proposal_id: FromPath[UUID]
) -> Page:
    """Take the refusal of a proposal back."""
    try:
        async with acting(request, "readmit_proposal", event_id) as opened:
            await readmit_proposal(opened, ReadmitProposal(guest_proposal_id=proposal_id))
    except Refused as refusal:
        return await _show(request, event_id, refusal.sentence)
    sentence = "Die Ablehnung ist zurückgenommen; der Vorschlag zählt wieder."
    return see_other(request, f"{LIST}/{event_id}/vorschlaege", sentence)


@post(f"{PROPOSALS}/tabelle", opt=PLANS, status_code=200)
async def post_proposal_sheet(request: Request, event_id: FromPath[UUID]) -> Response[bytes]:
    """Send the proposals that the list shows as a table, and write down that somebody took it."""
    wanted = _wanted(request, event_id, EXPORT_ROWS)
    async with acting(request, "export_proposals", event_id) as opened:
        event = await events.get(opened, event_id)
        found = await proposal_list.page(opened, wanted)
    return csv_answer("vorschlaege", HEADER, [_row(one, event.zone) for one in found])


@post(f"{PROPOSALS}/schliessen", opt=PLANS)
async def post_close_nomination(request: Request, event_id: FromPath[UUID]) -> Page:
    """Take no more proposals from associations."""
    async with acting(request, "close_nomination", event_id) as opened:
        await close_nomination(opened, CloseNomination(honouring_event_id=event_id))
    sentence = "Die Vorschläge sind geschlossen. Jetzt können Sie Gäste auswählen."
    return see_other(request, f"{LIST}/{event_id}/auswahl", sentence)


async def _show(request: Request, event_id: UUID, refusal: str = "") -> Page:
    listing = read_listing(request, ["name"])
    chosen = _wanted(request, event_id)
    wanted = clean(request.query_params.get("person", ""), "person").strip()[:100]
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        listed = await proposal_list.page(connection, chosen)
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
        state=chosen.state,
        wanted=wanted,
        found=found,
        refusal=refusal,
    )


def _wanted(request: Request, event_id: UUID, rows: int = 0) -> ProposalPage:
    """Return what the address asks for: one page, or the first `rows`."""
    listing = read_listing(request, ["name"])
    state = request.query_params.get("stand", "")
    return ProposalPage(
        honouring_event_id=event_id,
        search=listing.search,
        state=state if state in labels.PROPOSALS else "",
        offset=0 if rows else listing.offset,
        rows=rows or listing.rows,
    )


def _row(one: ListedProposal, zone: str) -> tuple[object, ...]:
    return (
        one.family_name,
        one.given_name,
        one.organisation_name or "Stiftung",
        labels.CATEGORIES[one.category],
        labels.proposal(one),
        german_day(one.proposed_at, zone),
    )


ROUTES = [
    get_proposals,
    post_proposal,
    post_refusal,
    post_readmission,
    post_proposal_sheet,
    post_close_nomination,
]
