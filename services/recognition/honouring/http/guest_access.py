"""Opens a guest's invitation for whoever holds its link or its letter code."""

from typing import Final
from uuid import UUID

import msgspec

from services.recognition.honouring.answers import Answer, Situation
from services.recognition.honouring.commands.answer_invitation import (
    AnswerInvitation,
    answer_invitation,
)
from services.recognition.honouring.contention import patiently
from services.recognition.honouring.links import ends_at, letter_code_hash
from services.recognition.honouring.model import AnsweredVia, InvitationState, instant
from services.recognition.honouring.store import answers, links, pace
from services.recognition.honouring.store.answers import Said
from services.recognition.honouring.store.links import OpenedLink
from shared.database import Connection
from shared.errors import NotFound
from shared.web.capability import check_misses, missed
from shared.web.limits import TooManyAttempts
from shared.web.request import Request
from shared.web.tokens import hash_token

KIND: Final = "invitation"


class TooManyAnswers(TooManyAttempts):
    """One invitation is answered more than ten times a minute (429)."""

    def __init__(self, pause_seconds: int) -> None:
        super().__init__(
            "Diese Einladung wurde in der letzten Minute sehr oft beantwortet. Ihre letzte"
            f" gespeicherte Antwort gilt. Sie können sie in {_in_words(pause_seconds)} wieder"
            " ändern.",
            pause_seconds,
        )


class Guest(msgspec.Struct, frozen=True):
    """Somebody who may answer one invitation."""

    invitation_id: UUID
    via: AnsweredVia
    must_queue: bool
    """The invitation waits or is offered places, which is changed in line only."""


async def guest_by_token(request: Request, token: str) -> Guest:
    """Return whose link this is.

    Raises:
        LinkUnknown: nobody's, or not any more.
        TooManyAttempts: too many wrong ones came from this address.
    """
    check_misses(request)
    return await _guest(request, hash_token(token))


async def guest_by_code(request: Request, typed: str) -> Guest:
    """Return whose letter code this is, with the usual slips of typing forgiven.

    Raises:
        LinkUnknown: nobody's, or not any more.
        TooManyAttempts: too many wrong ones came from this address.
    """
    check_misses(request)
    try:
        hashed = letter_code_hash(typed)
    except NotFound:
        raise missed(request) from None
    return await _guest(request, hashed)


async def guest_of_browser(request: Request) -> Guest:
    """Return whose link or code this browser has opened.

    Raises:
        LinkMissing: none, or half an hour has passed.
        LinkUnknown: it does not hold any more.
        TooManyAttempts: too many wrong ones came from this address.
    """
    check_misses(request)
    return await _guest(request, request.capability(KIND))


async def situation_of(request: Request, guest: Guest) -> Situation:
    """Return how the guest's invitation stands."""
    async with request.pool.acquire() as connection:
        return await answers.situation(connection, guest.invitation_id)


async def keep_answer(
    request: Request, guest: Guest, answer: Answer, request_key: str | None
) -> InvitationState:
    """Keep what a guest answers and return how the invitation stands then.

    Raises:
        Refused: see `answer_invitation`; TooBusy: nothing was kept.
        TooManyAnswers: ten came within a minute, through all links and codes together.
    """
    async with request.pool.acquire() as connection:
        if not await pace.note(connection, guest.invitation_id):
            raise TooManyAnswers(await pace.pause_seconds(connection, guest.invitation_id))
    command = AnswerInvitation(
        invitation_id=guest.invitation_id,
        answer=answer,
        said=Said(via=guest.via, by="guest", request_key=request_key),
    )

    async def work(opened: Connection, *, in_line: bool) -> InvitationState:
        return await answer_invitation(opened, command, in_line=in_line)

    return await patiently(request.pool, work, in_line=guest.must_queue)


async def _guest(request: Request, token_hash: bytes) -> Guest:
    async with request.pool.acquire() as connection:
        link = await links.find(connection, token_hash)
    if link is None or _has_ended(link):
        raise missed(request)
    via: AnsweredVia = "link" if link.kind == "invitation" else "code"
    return Guest(link.invitation_id, via, link.must_queue)


def _in_words(seconds: int) -> str:
    return "einer Sekunde" if seconds == 1 else f"{seconds} Sekunden"


def _has_ended(link: OpenedLink) -> bool:
    event_ends = instant(link.ends_at, link.zone)
    return link.now > ends_at(link.state, link.answer_until, event_ends)
