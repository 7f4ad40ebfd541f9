"""Decides what an answer to an invitation means: who may say what, and until when."""

from datetime import datetime
from enum import Enum
from typing import Final, Literal

import msgspec

from services.recognition.honouring.model import (
    HonouringEvent,
    Invitation,
    InvitationState,
    Party,
    Places,
)
from services.recognition.honouring.refused_answers import (
    AlreadyInside,
    DeadlinePassed,
    EventBegun,
    EventCancelled,
    InvitationWithdrawn,
    MoreThanOffered,
    OfferLapsed,
    TooManySeats,
)
from services.recognition.honouring.waitlist import Prospect, fits
from shared.errors import Refused

AccessNeed = Literal["hearing_loop", "step_free", "sign_language", "assistance_dog"]
"""What a guest needs besides a place, never why (Unterstützungsbedarf). Source: GDPR Art. 9."""

WAITING: Final = frozenset({"waitlisted", "offered"})
"""States in which an invitation stands in the queue, so that the queue may change it."""

NAME_SIZE: Final = 100


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a guest says (Rückmeldung)."""

    party: Party
    """Who comes; nobody (0 seats) is a refusal."""
    access_needs: tuple[AccessNeed, ...] = ()


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides what may still be answered."""

    invitation: Invitation
    access_needs: tuple[AccessNeed, ...]
    event: HonouringEvent
    answer_by: datetime
    guest_name: str
    is_inside: bool
    """Somebody was admitted on this invitation."""
    passed_over: int
    """How often a smaller party was offered places before this one."""
    now: datetime
    """PostgreSQL's clock."""
    prospect: Prospect = Prospect()
    """What was left a moment ago; nobody keeps it so."""
    is_repeated: bool = False
    """The request that brings the answer has brought it before."""

    @property
    def answered(self) -> Answer:
        """Return the answer that counts now."""
        return Answer(party=self.invitation.party, access_needs=self.access_needs)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an invitation says after an answer."""

    state: InvitationState
    answer: Answer
    change: Places
    """What is taken in addition, or freed where negative."""
    waits_since: datetime | None = None

    @property
    def frees(self) -> bool:
        """Tell whether somebody else can have a place now."""
        return any(number < 0 for number in msgspec.structs.astuple(self.change))


class Step(Enum):
    """What has to be done for an answer."""

    NOTHING = "nothing"
    """It says what counts already."""
    DECLINE = "decline"
    COME = "come"
    """Take the places, or else the end of the waiting list."""
    CHANGE = "change"
    """Exchange the places held for others, or else refuse and keep them."""
    TAKE_OFFER = "take_offer"
    """Keep the held places that are wanted, free the others."""
    WAIT_FOR_OTHERS = "wait_for_others"
    """Stay on the waiting list with another party."""


def consistent(party: Party) -> Party:
    """Return the party without what makes no sense: a companion's name where nobody comes along."""
    return Party(
        seats=party.seats,
        needs_wheelchair=party.needs_wheelchair and party.seats > 0,
        with_access_companion=party.with_access_companion and party.seats > 0,
        companion_name=party.companion_name if party.seats > 1 else "",
    )


def decide(situation: Situation, wanted: Answer, *, by_clerk: bool) -> Step:
    """Say what an answer means now.

    Guests answer and change until the deadline; after it they may still give places back. A clerk
    records answers until the event begins, because letters arrive late. Offered places are decided
    on until the offer ends, by anyone.

    Raises:
        EventCancelled, EventBegun, InvitationWithdrawn, AlreadyInside: nothing may change any more.
        TooManySeats: more than the invitation is for.
        OfferLapsed, MoreThanOffered: places were offered, but not now or not these.
        DeadlinePassed: a guest wants more than they have, too late.
    """
    _require_open(situation)
    if wanted.party.seats > situation.invitation.most_seats:
        raise TooManySeats
    state = situation.invitation.state
    if wanted.party.seats == 0:
        return Step.NOTHING if state == "declined" else Step.DECLINE
    if state == "offered":
        return _take_offer(situation, wanted)
    if not by_clerk and situation.now > situation.answer_by and _asks_for_more(situation, wanted):
        raise DeadlinePassed
    if wanted == situation.answered:
        return Step.NOTHING
    steps = {"accepted": Step.CHANGE, "waitlisted": Step.WAIT_FOR_OTHERS}
    return steps.get(state, Step.COME)


def resolve(situation: Situation, wanted: Answer, step: Step, *, has_room: bool) -> Outcome:
    """Return what the invitation says after a step, and what that changes in the places taken.

    Args:
        situation: before the step.
        wanted: the answer.
        step: from `decide`; not NOTHING.
        has_room: whether all places that the answer needs can be had now.
    """
    invitation = situation.invitation
    if step is Step.DECLINE:
        return Outcome(
            state="declined", answer=Answer(party=Party(seats=0)), change=-invitation.holds
        )
    if step in {Step.COME, Step.WAIT_FOR_OTHERS} and not has_room:
        return Outcome(
            state="waitlisted",
            answer=wanted,
            change=Places(),
            waits_since=_since(situation, wanted),
        )
    needed = wanted.party.places(invitation.category)
    return Outcome(state="accepted", answer=wanted, change=needed - invitation.holds)


def may_answer(situation: Situation) -> bool:
    """Tell whether a guest may still say yes, for the page to offer it."""
    if situation.invitation.state == "offered":
        until = situation.invitation.offered_until
        return until is not None and situation.now <= until
    return situation.now <= situation.answer_by


def is_open(situation: Situation) -> bool:
    """Tell whether anything about the invitation may still be changed."""
    try:
        _require_open(situation)
    except Refused:
        return False
    return True


def _require_open(situation: Situation) -> None:
    if situation.event.phase == "cancelled":
        raise EventCancelled
    if situation.event.phase == "held" or situation.now >= situation.event.starts:
        raise EventBegun
    if situation.invitation.state == "cancelled":
        raise InvitationWithdrawn
    if situation.is_inside:
        raise AlreadyInside


def _since(situation: Situation, wanted: Answer) -> datetime:
    """Keep the position of a party that waits already, unless it asks for more than before."""
    since = situation.invitation.waits_since
    return situation.now if since is None or _asks_for_more(situation, wanted) else since


def _take_offer(situation: Situation, wanted: Answer) -> Step:
    until = situation.invitation.offered_until
    if until is None or situation.now > until:
        raise OfferLapsed
    if _asks_for_more(situation, wanted):
        raise MoreThanOffered
    return Step.TAKE_OFFER


def _asks_for_more(situation: Situation, wanted: Answer) -> bool:
    invitation = situation.invitation
    has = invitation.party.places(invitation.category)
    return not fits(wanted.party.places(invitation.category), has)
