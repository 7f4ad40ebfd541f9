"""Facts become rows of the ledger: one for each purpose and recipient, and none twice."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notifier.commands.announce_cancellation import (
    AnnounceCancellation,
    announce_cancellation,
)
from services.notifier.commands.announce_new_time import AnnounceNewTime, announce_new_time
from services.notifier.commands.follow_invitations import FollowInvitations, follow_invitations
from services.notifier.commands.keep_honouring_event import (
    KeepHonouringEvent,
    keep_honouring_event,
)
from services.notifier.commands.queue_reminders import QueueReminders, queue_reminders
from services.notifier.model import InvitationFact
from services.notifier.store import known
from services.notifier.subscriptions import subscriptions
from shared.contracts.recognition import (
    GuestInvited,
    HonouringEventCancelled,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
    InvitationAccepted,
    InvitationDeclined,
    InvitationWaitlisted,
    ReplacementOffered,
)
from shared.database import Connection
from shared.telemetry import new_traceparent
from tests.notifier.builders import CONCERT_ID, WAVE_ID, guest

STARTS_AT = guest().starts_at


def invited(invitation_id: UUID, version: int = 1) -> GuestInvited:
    """Return the fact of an invitation."""
    return GuestInvited(
        invitation_id=invitation_id,
        version=version,
        honouring_event_id=CONCERT_ID,
        invitation_wave_id=WAVE_ID,
        person_id=uuid4(),
    )


def answered(kind: type[Any], invitation_id: UUID, version: int, **fields: Any) -> InvitationFact:
    """Return the fact of an answer."""
    told: InvitationFact = kind(
        invitation_id=invitation_id, version=version, honouring_event_id=CONCERT_ID, **fields
    )
    return told


def planned(kind: type[Any], version: int, **fields: Any) -> Any:
    """Return a fact about the concert."""
    public = {
        "title": "Danke-Konzert 2027",
        "programme": "",
        "venue_name": "Kulturhaus",
        "venue_address": "",
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT,
        "zone": "Europe/Berlin",
    }
    return kind(honouring_event_id=CONCERT_ID, version=version, **public | fields)


async def follow(transaction: Connection, *facts: InvitationFact) -> None:
    """Have the facts' effects, as one batch."""
    traceparents = tuple(new_traceparent() for _ in facts)
    await follow_invitations(transaction, FollowInvitations(facts=facts, traceparents=traceparents))


async def ledger(transaction: Connection, invitation_id: UUID) -> list[tuple[str, str]]:
    """Return purpose and state of all messages about an invitation."""
    rows = await transaction.fetch(
        "select purpose, state from message where invitation_id = $1 order by message_id",
        invitation_id,
    )
    return [(row["purpose"], row["state"]) for row in rows]


async def test_a_batch_of_invitations_is_queued_in_its_order(transaction: Connection) -> None:
    facts = [invited(uuid4()) for _ in range(300)]

    await follow(transaction, *facts)

    rows = await transaction.fetch("select invitation_id, state from message order by message_id")
    assert [row["invitation_id"] for row in rows] == [fact.invitation_id for fact in facts]
    assert {row["state"] for row in rows} == {"queued"}


async def test_a_fact_that_comes_again_makes_no_second_message(transaction: Connection) -> None:
    fact = invited(uuid4())

    await follow(transaction, fact)
    await follow(transaction, fact, fact)

    assert await ledger(transaction, fact.invitation_id) == [("invitation", "queued")]


async def test_the_ledger_itself_refuses_a_second_row_for_the_same_message(
    transaction: Connection,
) -> None:
    fact = invited(uuid4())
    await follow(transaction, fact)
    await transaction.execute("delete from known_invitation")

    await follow(transaction, fact)

    assert len(await ledger(transaction, fact.invitation_id)) == 1


async def test_an_answer_that_is_heard_of_after_a_later_one_is_withheld_and_noted(
    transaction: Connection,
) -> None:
    one = uuid4()
    await follow(transaction, invited(one))
    await follow(transaction, answered(InvitationDeclined, one, 3))

    await follow(transaction, answered(InvitationAccepted, one, 2, seats=1))

    assert await ledger(transaction, one) == [
        ("invitation", "withheld"),
        ("decline", "queued"),
        ("acceptance", "withheld"),
    ]
    names = await transaction.fetch("select distinct person_id, reason from message order by 2")
    assert [row["reason"] for row in names] == ["", "overtaken"]
    assert len({row["person_id"] for row in names}) == 1


async def test_a_fact_that_comes_again_after_a_later_one_makes_no_second_message(
    transaction: Connection,
) -> None:
    one = uuid4()
    changed = answered(InvitationAccepted, one, 3, seats=2)
    await follow(transaction, invited(one), answered(InvitationAccepted, one, 2, seats=1), changed)
    await follow(transaction, answered(InvitationDeclined, one, 4))

    await follow(transaction, changed)

    assert await ledger(transaction, one) == [
        ("invitation", "withheld"),
        ("acceptance", "withheld"),
        ("changed_acceptance", "withheld"),
        ("decline", "queued"),
    ]


async def test_an_invitation_and_its_answers_in_one_batch_leave_only_the_last_to_send(
    transaction: Connection,
) -> None:
    one = uuid4()

    await follow(
        transaction,
        invited(one),
        answered(InvitationAccepted, one, 2, seats=1),
        answered(InvitationAccepted, one, 3, seats=2),
    )

    assert await ledger(transaction, one) == [
        ("invitation", "withheld"),
        ("acceptance", "withheld"),
        ("changed_acceptance", "queued"),
    ]


async def test_what_has_been_sent_is_not_withheld_afterwards(transaction: Connection) -> None:
    one = uuid4()
    await follow(transaction, invited(one))
    await transaction.execute(
        "update message set state = 'accepted', channel = 'mail', accepted_at = now()"
    )

    await follow(transaction, answered(InvitationDeclined, one, 2))

    assert await ledger(transaction, one) == [("invitation", "accepted"), ("decline", "queued")]


async def test_everybody_who_comes_waits_or_thinks_is_told_of_a_new_time(
    transaction: Connection,
) -> None:
    thinks, comes, waits, holds, declined = (uuid4() for _ in range(5))
    await follow(transaction, *(invited(one) for one in (thinks, comes, waits, holds, declined)))
    await follow(
        transaction,
        answered(InvitationAccepted, comes, 2, seats=1),
        answered(InvitationWaitlisted, waits, 2, seats=1),
        answered(ReplacementOffered, holds, 2, seats=1, offered_until=STARTS_AT),
        answered(InvitationDeclined, declined, 2),
    )

    fact = planned(HonouringEventRescheduled, 2, previous_starts_at=STARTS_AT)
    await announce_new_time(transaction, AnnounceNewTime(fact=fact))
    await announce_new_time(transaction, AnnounceNewTime(fact=fact))

    rows = await transaction.fetch(
        "select invitation_id from message where purpose = 'rescheduled'"
    )
    assert sorted(row["invitation_id"] for row in rows) == sorted((thinks, comes, waits, holds))
    event = await known.find_event(transaction, CONCERT_ID)
    assert event is not None
    assert event.previous_starts_at == STARTS_AT


async def test_news_of_a_second_move_takes_the_place_of_the_first(transaction: Connection) -> None:
    one = uuid4()
    await follow(transaction, invited(one))

    for version in (2, 3):
        fact = planned(HonouringEventRescheduled, version, previous_starts_at=STARTS_AT)
        await announce_new_time(transaction, AnnounceNewTime(fact=fact))

    assert await ledger(transaction, one) == [
        ("invitation", "queued"),
        ("rescheduled", "withheld"),
        ("rescheduled", "queued"),
    ]


async def test_a_move_is_told_though_a_later_change_is_heard_of_first(
    transaction: Connection,
) -> None:
    one = uuid4()
    await follow(transaction, invited(one))
    moved = planned(HonouringEventRescheduled, 2, previous_starts_at=STARTS_AT)
    renamed = planned(HonouringEventChanged, 3, title="Dankkonzert")

    await keep_honouring_event(transaction, KeepHonouringEvent(fact=renamed))
    await announce_new_time(transaction, AnnounceNewTime(fact=moved))

    assert await ledger(transaction, one) == [("invitation", "queued"), ("rescheduled", "queued")]
    event = await known.find_event(transaction, CONCERT_ID)
    assert event is not None
    assert (event.title, event.previous_starts_at) == ("Dankkonzert", STARTS_AT)


@pytest.mark.parametrize(
    "later",
    [
        planned(HonouringEventRescheduled, 3, previous_starts_at=STARTS_AT),
        HonouringEventCancelled(honouring_event_id=CONCERT_ID, version=3),
    ],
)
async def test_a_move_is_not_told_after_a_later_move_or_the_cancellation(
    transaction: Connection, later: HonouringEventRescheduled | HonouringEventCancelled
) -> None:
    one = uuid4()
    await follow(transaction, invited(one))
    heard = subscriptions()
    await heard.handlers[later.subject](transaction, [later])
    before = await ledger(transaction, one)

    moved = planned(HonouringEventRescheduled, 2, previous_starts_at=STARTS_AT)
    await announce_new_time(transaction, AnnounceNewTime(fact=moved))

    assert await ledger(transaction, one) == before


async def test_everybody_is_told_of_another_hall_and_nobody_of_another_programme(
    transaction: Connection,
) -> None:
    one, declined = uuid4(), uuid4()
    await follow(transaction, invited(one), invited(declined))
    await follow(transaction, answered(InvitationDeclined, declined, 2))
    changes = [
        planned(HonouringEventPlanned, 1),
        planned(HonouringEventChanged, 2, programme="Dvořák"),
        planned(HonouringEventChanged, 3, venue_name="Stadthalle"),
        planned(HonouringEventChanged, 3, venue_name="Stadthalle"),
    ]

    for fact in changes:
        await keep_honouring_event(transaction, KeepHonouringEvent(fact=fact))

    assert await ledger(transaction, one) == [("invitation", "queued"), ("new_venue", "queued")]
    assert ("new_venue", "queued") not in await ledger(transaction, declined)


@pytest.mark.parametrize("is_planned", [True, False])
async def test_a_cancellation_is_told_to_everybody_who_knows_of_the_event(
    transaction: Connection, *, is_planned: bool
) -> None:
    if is_planned:
        fact = planned(HonouringEventPlanned, 1)
        await keep_honouring_event(transaction, KeepHonouringEvent(fact=fact))
    knows, knows_not = uuid4(), uuid4()
    await follow(transaction, invited(knows), invited(knows_not))
    await transaction.execute(
        "update message set state = 'accepted', channel = 'mail', accepted_at = now()"
        " where invitation_id = $1",
        knows,
    )

    cancelled = HonouringEventCancelled(honouring_event_id=CONCERT_ID, version=2)
    await announce_cancellation(transaction, AnnounceCancellation(fact=cancelled))
    await announce_cancellation(transaction, AnnounceCancellation(fact=cancelled))

    assert await ledger(transaction, knows) == [("invitation", "accepted"), ("cancelled", "queued")]
    assert await ledger(transaction, knows_not) == [("invitation", "withheld")]


async def test_a_reminder_is_queued_once_when_its_time_has_come(transaction: Connection) -> None:
    due, later, has_answered = uuid4(), uuid4(), uuid4()
    await follow(transaction, *(invited(one) for one in (due, later, has_answered)))
    await transaction.execute(
        "update known_invitation set remind_at = now() + case when invitation_id = $1"
        " then interval '1 day' else interval '-1 minute' end",
        later,
    )
    await follow(transaction, answered(InvitationDeclined, has_answered, 2))

    first = await queue_reminders(transaction, QueueReminders())
    second = await queue_reminders(transaction, QueueReminders())

    assert (first, second) == (1, 0)
    assert ("reminder", "queued") in await ledger(transaction, due)
    assert ("reminder", "queued") not in await ledger(transaction, later)
    assert ("reminder", "queued") not in await ledger(transaction, has_answered)


async def test_each_message_goes_on_with_the_trace_of_its_own_click(
    transaction: Connection,
) -> None:
    facts = [invited(uuid4()), invited(uuid4())]
    traceparents = [new_traceparent(), new_traceparent()]

    await subscriptions().handle(transaction, facts, traceparents)

    kept = await transaction.fetch("select traceparent from message order by message_id")
    assert [row["traceparent"] for row in kept] == traceparents


async def test_every_fact_that_notifier_hears_has_its_effect_through_its_subscription(
    transaction: Connection,
) -> None:
    one = uuid4()
    heard = subscriptions()

    for fact in (
        planned(HonouringEventPlanned, 1),
        invited(one),
        answered(InvitationAccepted, one, 2, seats=1),
        planned(HonouringEventRescheduled, 2, previous_starts_at=STARTS_AT),
        HonouringEventCancelled(honouring_event_id=CONCERT_ID, version=3),
    ):
        await heard.handle(transaction, [fact], [new_traceparent()])

    purposes = [purpose for purpose, _ in await ledger(transaction, one)]
    assert purposes == ["invitation", "acceptance", "rescheduled", "cancelled"]
