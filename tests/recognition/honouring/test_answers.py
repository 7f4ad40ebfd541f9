"""Who may answer what, and until when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.recognition.honouring.answers import (
    Answer,
    Outcome,
    Situation,
    Step,
    consistent,
    decide,
    is_open,
    may_answer,
    resolve,
)
from services.recognition.honouring.model import HonouringEvent, Invitation, Party, Places, instant
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
from shared.errors import Refused
from tests.recognition.honouring import builders as a

DEADLINE = instant(a.STARTS_AT - timedelta(days=28), "Europe/Berlin")
BEFORE, AFTER = DEADLINE - timedelta(days=1), DEADLINE + timedelta(days=1)
NOBODY, ALONE, PAIR = (Answer(party=Party(seats=number)) for number in (0, 1, 2))


def event(**differs: Any) -> HonouringEvent:
    plan = a.plan()
    fields = {
        **msgspec.structs.asdict(plan.programme),
        **msgspec.structs.asdict(plan.schedule),
        **msgspec.structs.asdict(plan.terms),
        "honouring_event_id": UUID(int=1),
        "version": 1,
        "phase": "inviting",
        "previous_starts_at": None,
        "admission_opened_at": None,
    }
    return HonouringEvent(**(fields | differs))


def situation(
    state: Any = "invited", answer: Answer = NOBODY, now: Any = BEFORE, **differs: Any
) -> Situation:
    waits = state in {"waitlisted", "offered"}
    invitation = Invitation(
        invitation_id=UUID(int=2),
        version=1,
        honouring_event_id=UUID(int=1),
        invitation_wave_id=UUID(int=3),
        person_id=UUID(int=4),
        category="volunteer",
        state=state,
        most_seats=2,
        seats=answer.party.seats,
        needs_wheelchair=answer.party.needs_wheelchair,
        with_access_companion=answer.party.with_access_companion,
        companion_name=answer.party.companion_name,
        waits_since=BEFORE - timedelta(days=2) if waits else None,
        offered_until=AFTER + timedelta(days=1) if state == "offered" else None,
        answered_at=None,
        answered_via=None,
    )
    known: dict[str, Any] = {
        "invitation": invitation,
        "access_needs": answer.access_needs,
        "event": event(),
        "answer_by": DEADLINE,
        "guest_name": "Grit Beispiel",
        "is_inside": False,
        "passed_over": 0,
        "now": now,
    }
    return Situation(**(known | differs))


def verdict(before: Situation, wanted: Answer, *, by_clerk: bool) -> Step | type[Refused]:
    try:
        return decide(before, wanted, by_clerk=by_clerk)
    except Refused as refusal:
        return type(refusal)


@pytest.mark.parametrize(
    ("state", "had", "wanted", "verdicts"),
    [
        ("invited", NOBODY, PAIR, (Step.COME, DeadlinePassed, Step.COME)),
        ("invited", NOBODY, NOBODY, (Step.DECLINE, Step.DECLINE, Step.DECLINE)),
        ("declined", NOBODY, NOBODY, (Step.NOTHING, Step.NOTHING, Step.NOTHING)),
        ("declined", NOBODY, ALONE, (Step.COME, DeadlinePassed, Step.COME)),
        ("expired", NOBODY, ALONE, (Step.COME, DeadlinePassed, Step.COME)),
        ("accepted", PAIR, NOBODY, (Step.DECLINE, Step.DECLINE, Step.DECLINE)),
        ("accepted", PAIR, PAIR, (Step.NOTHING, Step.NOTHING, Step.NOTHING)),
        ("accepted", PAIR, ALONE, (Step.CHANGE, Step.CHANGE, Step.CHANGE)),
        ("accepted", ALONE, PAIR, (Step.CHANGE, DeadlinePassed, Step.CHANGE)),
        ("waitlisted", PAIR, NOBODY, (Step.DECLINE, Step.DECLINE, Step.DECLINE)),
        ("waitlisted", PAIR, PAIR, (Step.NOTHING, Step.NOTHING, Step.NOTHING)),
        ("waitlisted", PAIR, ALONE, (Step.WAIT_FOR_OTHERS,) * 3),
        ("waitlisted", ALONE, PAIR, (Step.WAIT_FOR_OTHERS, DeadlinePassed, Step.WAIT_FOR_OTHERS)),
        ("offered", PAIR, PAIR, (Step.TAKE_OFFER, Step.TAKE_OFFER, Step.TAKE_OFFER)),
        ("offered", PAIR, ALONE, (Step.TAKE_OFFER, Step.TAKE_OFFER, Step.TAKE_OFFER)),
        ("offered", ALONE, PAIR, (MoreThanOffered, MoreThanOffered, MoreThanOffered)),
        ("offered", PAIR, NOBODY, (Step.DECLINE, Step.DECLINE, Step.DECLINE)),
    ],
)
def test_the_table_of_who_may_answer_what_until_when(
    state: str, had: Answer, wanted: Answer, verdicts: Any
) -> None:
    """The verdicts: for the guest before and after the deadline, for a clerk after it."""
    before, after = situation(state, had, BEFORE), situation(state, had, AFTER)

    assert verdicts == (
        verdict(before, wanted, by_clerk=False),
        verdict(after, wanted, by_clerk=False),
        verdict(after, wanted, by_clerk=True),
    )


@pytest.mark.parametrize("by_clerk", [True, False])
def test_nobody_answers_once_nothing_can_change(*, by_clerk: bool) -> None:
    begun = situation(now=event().starts)
    closed = {
        EventCancelled: situation(event=event(phase="cancelled")),
        EventBegun: begun,
        InvitationWithdrawn: situation("cancelled"),
        AlreadyInside: situation("accepted", ALONE, is_inside=True),
    }

    for refusal, before in closed.items():
        assert verdict(before, NOBODY, by_clerk=by_clerk) is refusal
        assert not is_open(before)


def test_the_last_second_of_the_deadline_still_counts() -> None:
    assert verdict(situation(now=DEADLINE), ALONE, by_clerk=False) is Step.COME


def test_an_offer_is_taken_in_time_or_not_at_all() -> None:
    late = situation("offered", ALONE, now=AFTER + timedelta(days=2))

    assert verdict(late, ALONE, by_clerk=True) is OfferLapsed
    assert not may_answer(late)
    assert may_answer(situation("offered", ALONE, now=AFTER))


def test_an_invitation_for_one_is_not_answered_for_two() -> None:
    before = situation()
    alone = msgspec.structs.replace(before.invitation, most_seats=1)

    with pytest.raises(TooManySeats) as refused:
        decide(msgspec.structs.replace(before, invitation=alone), PAIR, by_clerk=True)
    assert refused.value.field == "seats"


def test_naming_the_companion_is_a_change_until_the_deadline_and_after_it() -> None:
    named = Answer(party=Party(seats=2, companion_name="Ute Muster"))

    assert verdict(situation("accepted", PAIR), named, by_clerk=False) is Step.CHANGE
    assert verdict(situation("accepted", PAIR, AFTER), named, by_clerk=False) is Step.CHANGE


def test_a_wheelchair_place_in_exchange_is_more_than_before() -> None:
    rolling = Answer(party=Party(seats=1, needs_wheelchair=True))

    assert verdict(situation("accepted", ALONE, AFTER), rolling, by_clerk=False) is DeadlinePassed


def test_declining_frees_all_places() -> None:
    before = situation("accepted", PAIR)

    outcome = resolve(before, NOBODY, Step.DECLINE, has_room=True)

    assert outcome == Outcome(
        state="declined", answer=NOBODY, change=Places(volunteer=-2, standard=-2)
    )
    assert outcome.frees


def test_taking_less_than_was_offered_frees_the_rest() -> None:
    outcome = resolve(situation("offered", PAIR), ALONE, Step.TAKE_OFFER, has_room=True)

    assert (outcome.state, outcome.change) == ("accepted", Places(volunteer=-1, standard=-1))


def test_a_party_that_becomes_smaller_keeps_its_place_in_the_queue() -> None:
    before = situation("waitlisted", PAIR)

    smaller = resolve(before, ALONE, Step.WAIT_FOR_OTHERS, has_room=False)

    assert smaller.waits_since == before.invitation.waits_since
    assert not smaller.frees


def test_a_party_that_becomes_larger_queues_anew() -> None:
    before = situation("waitlisted", ALONE)

    assert resolve(before, PAIR, Step.WAIT_FOR_OTHERS, has_room=False).waits_since == before.now


def test_what_makes_no_sense_without_a_party_is_left_out() -> None:
    alone = Party(seats=1, companion_name="Ute Muster", needs_wheelchair=True)

    assert consistent(alone) == Party(seats=1, needs_wheelchair=True)
    assert consistent(Party(seats=0, with_access_companion=True)) == Party(seats=0)
