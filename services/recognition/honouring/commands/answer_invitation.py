"""Keep what a guest answers: who comes, or that nobody does (Rückmeldung)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from services.recognition.honouring import announcements
from services.recognition.honouring.answers import (
    WAITING,
    Answer,
    Outcome,
    Situation,
    Step,
    decide,
    resolve,
)
from services.recognition.honouring.commands.issue_tickets import IssueTickets, issue_tickets
from services.recognition.honouring.commands.offer_replacement import (
    OfferReplacement,
    offer_replacement,
)
from services.recognition.honouring.contention import MustStandInLine
from services.recognition.honouring.model import InvitationState, Party, Places
from services.recognition.honouring.refused_answers import NoFurtherPlaces
from services.recognition.honouring.store import answers, places, waiting
from services.recognition.honouring.store.answers import Said
from services.recognition.honouring.waitlist import fits
from shared import outbox
from shared.database import Connection

Take = Callable[[Connection, UUID, Places], Awaitable[bool]]


class AnswerInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """What was said to which invitation, and how it reached us."""

    invitation_id: UUID
    answer: Answer
    said: Said


async def answer_invitation(
    transaction: Connection,
    command: AnswerInvitation,
    *,
    in_line: bool = False,
    take: Take = places.take,
) -> InvitationState:
    """Keep the answer with its places and tickets, and return the invitation's state.

    All of a party's places or none; none left means the waiting list, in the same transaction.
    Freed places are offered to the next in line. The last answer before the deadline counts.
    Without `in_line` it goes by what it has read and makes sure with its last statement, so that
    nobody waits for long; with it, the balance is locked first and the answer is certain.

    Raises:
        MustStandInLine: hope was not enough; nothing may be committed.
        Refused: see `answers.decide`; NoFurtherPlaces: a guest who has places wants more.
    """
    situation = await _lock(transaction, command, in_line=in_line)
    state = situation.invitation.state
    if situation.is_repeated:
        return state
    step = decide(situation, command.answer, by_clerk=command.said.via in {"phone", "letter"})
    if step is Step.NOTHING:
        return state
    has_room = await _has_room(transaction, situation, command.answer, step, in_line=in_line)
    outcome = resolve(situation, command.answer, step, has_room=has_room)
    version = await answers.keep(transaction, command.invitation_id, outcome, command.said)
    told = announcements.answered(situation, outcome, version)
    told += await issue_tickets(transaction, _tickets(situation, outcome))
    await outbox.record(transaction, *told)
    event_id = situation.event.honouring_event_id
    if outcome.change != Places() and not await take(transaction, event_id, outcome.change):
        raise NoFurtherPlaces if step is Step.CHANGE else MustStandInLine
    if outcome.state == "waitlisted" and not in_line:
        await _make_sure_of_none(transaction, situation, command.answer)
    if outcome.frees:
        await offer_replacement(transaction, OfferReplacement(honouring_event_id=event_id))
    return outcome.state


def _tickets(situation: Situation, outcome: Outcome) -> IssueTickets:
    comes = outcome.answer.party if outcome.state == "accepted" else Party(seats=0)
    return IssueTickets(
        invitation=situation.invitation, guest_name=situation.guest_name, party=comes
    )


async def _lock(transaction: Connection, command: AnswerInvitation, *, in_line: bool) -> Situation:
    """Lock the invitation, and the queue: before it if it stands there, after it otherwise."""
    what = (command.invitation_id, command.said.request_key)
    if not in_line:
        found = await answers.lock(transaction, *what)
        if found.invitation.state in WAITING:
            raise MustStandInLine
        return found
    if event_id := await waiting.event_of_waiting(transaction, command.invitation_id):
        await waiting.lock_queue(transaction, event_id)
        return await answers.lock(transaction, *what)
    found = await answers.lock(transaction, *what)
    if found.invitation.state in WAITING:
        raise MustStandInLine
    await waiting.lock_queue(transaction, found.event.honouring_event_id)
    return found


async def _has_room(
    transaction: Connection, situation: Situation, wanted: Answer, step: Step, *, in_line: bool
) -> bool:
    """Tell whether the answer's places can be had, after all who wait for them have theirs."""
    if step not in {Step.COME, Step.WAIT_FOR_OTHERS}:
        return True
    event_id = situation.event.honouring_event_id
    needed = wanted.party.places(situation.invitation.category)
    prospect = situation.prospect
    if in_line:
        prospect = await waiting.prospect(transaction, event_id)
    has_room = fits(needed, prospect.left)
    if not in_line and has_room and prospect.somebody_waits:
        raise MustStandInLine
    if not has_room or step is Step.WAIT_FOR_OTHERS or not prospect.somebody_waits:
        return has_room
    await offer_replacement(transaction, OfferReplacement(honouring_event_id=event_id))
    return fits(needed, (await waiting.prospect(transaction, event_id)).left)


async def _make_sure_of_none(transaction: Connection, situation: Situation, wanted: Answer) -> None:
    """Make sure that no places become free before the others see who waits for them."""
    needed = wanted.party.places(situation.invitation.category)
    if not await places.are_lacking(transaction, situation.event.honouring_event_id, needed):
        raise MustStandInLine
