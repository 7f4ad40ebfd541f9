"""The same answers as JSON, for programs that act for a guest and know the link's token."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from services.recognition.honouring.answers import NAME_SIZE, AccessNeed, Answer, consistent
from services.recognition.honouring.http.guest_access import (
    Guest,
    guest_by_code,
    guest_by_token,
    keep_answer,
    situation_of,
)
from services.recognition.honouring.http.guest_forms import MIN_KEY
from services.recognition.honouring.model import InvitationState, Party, SeatClass
from services.recognition.honouring.store import tickets, waiting
from services.recognition.honouring.tickets import TicketKeys, sign_ticket
from shared.errors import Malformed
from shared.text import clean
from shared.web.access import PUBLIC
from shared.web.request import Request

LONGEST_KEY = 100
BEARER = "Bearer "


class SecretMissing(Malformed):
    """Neither a token nor a code came with the request, or both."""

    def __init__(self) -> None:
        super().__init__("Bitte geben Sie entweder `token` oder `code` an.", "token")


class IdempotencyKeyUnusable(Malformed):
    """The key cannot tell two requests apart."""

    def __init__(self) -> None:
        super().__init__("Idempotency-Key braucht 8 bis 100 Zeichen.", "Idempotency-Key")


class AnswerRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An answer, and the secret that allows it: the link's token or the letter's code."""

    token: Annotated[str, msgspec.Meta(max_length=100)] = ""
    code: Annotated[str, msgspec.Meta(max_length=100)] = ""
    coming: bool
    seats: Literal[1, 2] = 1
    """The guest and the plus-one; an access companion comes on top."""
    companion_name: Annotated[str, msgspec.Meta(max_length=NAME_SIZE)] = ""
    needs_wheelchair: bool = False
    with_access_companion: bool = False
    access_needs: tuple[AccessNeed, ...] = ()

    @property
    def answer(self) -> Answer:
        """Return what is answered."""
        if not self.coming:
            return Answer(party=Party(seats=0))
        party = Party(
            seats=self.seats,
            needs_wheelchair=self.needs_wheelchair,
            with_access_companion=self.with_access_companion,
            companion_name=clean(self.companion_name, "companion_name").strip(),
        )
        return Answer(party=consistent(party), access_needs=tuple(sorted(set(self.access_needs))))


class AnswerResult(msgspec.Struct, kw_only=True):
    """How the invitation stands after an answer."""

    state: InvitationState


class TicketView(msgspec.Struct, kw_only=True):
    """One valid ticket."""

    ticket_id: UUID
    holder_name: str
    admission: SeatClass
    code: str
    """The signed text of the QR code."""
    short_code: str


class InvitationView(msgspec.Struct, kw_only=True):
    """An invitation as its guest may see it."""

    state: InvitationState
    title: str
    starts_at: datetime
    venue_name: str
    answer_by: datetime
    offered_until: datetime | None
    most_seats: int
    seats: int
    companion_name: str
    needs_wheelchair: bool
    with_access_companion: bool
    access_needs: tuple[AccessNeed, ...]
    waiting_place: int | None
    """Place on the waiting list, counted from 1."""
    tickets: tuple[TicketView, ...]


@post("/api/recognition/v1/answers", opt=PUBLIC, status_code=200, include_in_schema=True)
async def post_answer(request: Request, data: JSONBody[AnswerRequest]) -> AnswerResult:
    """Answer an invitation, or change the answer; the same answer again changes nothing.

    With an `Idempotency-Key` header a repeated request is recognised even after a later answer.
    """
    guest = await _guest(request, data)
    return AnswerResult(state=await keep_answer(request, guest, data.answer, _key(request)))


@get("/api/recognition/v1/invitation", opt=PUBLIC, include_in_schema=True)
async def get_invitation(request: Request) -> InvitationView:
    """Return the invitation whose token stands in `Authorization: Bearer …`."""
    sent = request.headers.get("authorization", "")
    guest = await guest_by_token(request, sent.removeprefix(BEARER))
    situation = await situation_of(request, guest)
    invitation, event = situation.invitation, situation.event
    return InvitationView(
        state=invitation.state,
        title=event.title,
        starts_at=event.starts,
        venue_name=event.venue_name,
        answer_by=situation.answer_by,
        offered_until=invitation.offered_until,
        most_seats=invitation.most_seats,
        seats=invitation.seats,
        companion_name=invitation.companion_name,
        needs_wheelchair=invitation.needs_wheelchair,
        with_access_companion=invitation.with_access_companion,
        access_needs=situation.access_needs,
        waiting_place=await _waiting_place(request, guest),
        tickets=await _tickets(request, guest),
    )


async def _guest(request: Request, data: AnswerRequest) -> Guest:
    if bool(data.token) == bool(data.code):
        raise SecretMissing
    if data.code:
        return await guest_by_code(request, data.code)
    return await guest_by_token(request, data.token)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not MIN_KEY <= len(key) <= LONGEST_KEY:
        raise IdempotencyKeyUnusable
    return key


async def _waiting_place(request: Request, guest: Guest) -> int | None:
    async with request.pool.acquire() as connection:
        position = await waiting.position(connection, guest.invitation_id)
    return position.place if position else None


async def _tickets(request: Request, guest: Guest) -> tuple[TicketView, ...]:
    keys: TicketKeys = request.app.state.ticket_keys
    async with request.pool.acquire() as connection:
        valid = await tickets.valid(connection, guest.invitation_id)
    return tuple(
        TicketView(
            ticket_id=ticket.ticket_id,
            holder_name=ticket.holder_name,
            admission=ticket.admission,
            code=sign_ticket(keys, ticket.honouring_event_id, ticket.ticket_id),
            short_code=ticket.short_code,
        )
        for ticket in valid
    )


ROUTES = [post_answer, get_invitation]
