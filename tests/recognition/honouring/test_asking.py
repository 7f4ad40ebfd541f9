"""Associations are asked for proposals once, reminded in time and told when something changes."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.recognition.honouring.commands.ask_organisations import (
    NominationDeadlinePassed,
    RecipientsDiffer,
)
from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.commands.change_honouring_event import (
    ChangeHonouringEvent,
    change_honouring_event,
)
from services.recognition.honouring.commands.close_nomination import (
    CloseNomination,
    close_nomination,
)
from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    invite_organisations,
)
from services.recognition.honouring.commands.remind_late_organisations import (
    RemindLateOrganisations,
    remind_late_organisations,
)
from services.recognition.honouring.commands.remind_organisations import (
    RemindOrganisations,
    remind_organisations,
)
from services.recognition.honouring.commands.reschedule_honouring_event import (
    RescheduleHonouringEvent,
    reschedule_honouring_event,
)
from services.recognition.honouring.links import token_hash
from services.recognition.honouring.nomination import reminder_due
from services.recognition.honouring.planning import PhaseForbids, Terms
from services.recognition.honouring.store import events, quotas
from shared.contracts.recognition import (
    NominationReminded,
    NominationRequestChanged,
    NominationRequested,
    NominationRequestWithdrawn,
)
from shared.database import Connection
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.nominations import (
    asked,
    club_that_was_asked,
    last_day,
    proposes,
    told,
    tomorrow,
)


async def test_every_association_with_a_quota_is_asked_once(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    by_mail = await a.association(transaction, "Am Bach", quota=(event_id, 3))
    by_letter = await a.association(
        transaction, "Burgchor", quota=(event_id, 2), email=None, street="Gasse 1"
    )
    await a.association(transaction, "Ohne Kontingent")
    await a.association(transaction, "Ohne Plätze", quota=(event_id, 0))

    first, second = await asked(transaction, event_id, 2), await asked(transaction, event_id, 0)

    assert (first, second) == (2, 0)
    assert await told(transaction, NominationRequested, event_id) == [by_mail, by_letter]
    channels = {one.name: one.channel for one in await quotas.listed(transaction, event_id)}
    assert channels["Am Bach"] == "mail"
    assert channels["Burgchor"] == "letter"


async def test_a_later_quota_is_asked_for_itself(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await club_that_was_asked(transaction, event_id)
    later = await a.association(transaction, quota=(event_id, 1))

    await asked(transaction, event_id, 1)

    assert (await told(transaction, NominationRequested, event_id))[1:] == [later]


async def test_whom_nothing_reaches_can_be_asked_once_something_does(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    club = await a.association(transaction, quota=(event_id, 3), email=None)

    before = await asked(transaction, event_id, 0)
    await transaction.execute(
        "update known_organisation set has_address = true where organisation_id = $1", club
    )
    after = await asked(transaction, event_id, 1)

    assert (before, after) == (0, 1)


async def test_nobody_is_asked_whom_the_preview_did_not_count(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await a.association(transaction, quota=(event_id, 3))

    with pytest.raises(RecipientsDiffer):
        await asked(transaction, event_id, 2)


async def test_nobody_is_asked_before_proposals_are_open_or_after_the_deadline(
    transaction: Connection,
) -> None:
    draft = await a.planned(transaction)
    late = await a.opened(transaction)
    await a.association(transaction, quota=(late, 3))
    await transaction.execute("update honouring_event set nominate_by_on = current_date - 1")

    with pytest.raises(PhaseForbids):
        await asked(transaction, draft, 0)
    with pytest.raises(NominationDeadlinePassed):
        await asked(transaction, late, 1)


async def test_a_planner_reminds_who_has_proposed_nobody_once_a_day_and_not_at_once(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    silent = await club_that_was_asked(transaction, event_id)
    busy = await club_that_was_asked(transaction, event_id)
    await proposes(transaction, event_id, busy)
    command = RemindOrganisations(honouring_event_id=event_id, expected=1)

    with pytest.raises(RecipientsDiffer):
        await remind_organisations(transaction, command)
    await tomorrow(transaction, event_id)
    reminded = await remind_organisations(transaction, command)
    with pytest.raises(RecipientsDiffer):
        await remind_organisations(transaction, command)
    await tomorrow(transaction, event_id)
    again = await remind_organisations(transaction, command)

    assert (reminded, again) == (1, 1)
    assert await told(transaction, NominationReminded, event_id) == [silent, silent]


async def test_a_planner_reminds_one_association_alone(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await club_that_was_asked(transaction, event_id)
    one = await club_that_was_asked(transaction, event_id)
    await tomorrow(transaction, event_id)

    await remind_organisations(
        transaction,
        RemindOrganisations(honouring_event_id=event_id, organisation_id=one, expected=1),
    )

    assert await told(transaction, NominationReminded, event_id) == [one]


async def test_nobody_is_reminded_after_the_deadline(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    await club_that_was_asked(transaction, event_id)
    await transaction.execute("update honouring_event set nominate_by_on = current_date - 1")
    await last_day(transaction, event_id)
    await tomorrow(transaction, event_id)

    with pytest.raises(NominationDeadlinePassed):
        await remind_organisations(
            transaction, RemindOrganisations(honouring_event_id=event_id, expected=1)
        )
    await remind_late_organisations(transaction, RemindLateOrganisations())

    assert await told(transaction, NominationReminded, event_id) == []


async def test_who_has_proposed_nobody_is_reminded_by_itself_once(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    silent = await club_that_was_asked(transaction, event_id)
    busy = await club_that_was_asked(transaction, event_id)
    await proposes(transaction, event_id, busy)
    await tomorrow(transaction, event_id)

    early = await remind_late_organisations(transaction, RemindLateOrganisations())
    await last_day(transaction, event_id)
    due = await remind_late_organisations(transaction, RemindLateOrganisations())
    await tomorrow(transaction, event_id)
    later = await remind_late_organisations(transaction, RemindLateOrganisations())

    assert (early, due, later) == (0, 2, 0)
    assert await told(transaction, NominationReminded, event_id) == [silent]


async def test_who_was_reminded_by_hand_is_not_reminded_by_itself(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    await tomorrow(transaction, event_id)
    await remind_organisations(
        transaction, RemindOrganisations(honouring_event_id=event_id, expected=1)
    )

    left = await transaction.fetchval(
        "select count(*) from nomination_request where remind_at is not null and"
        " organisation_id = $1",
        club,
    )

    assert left == 0


def test_a_reminder_comes_a_week_before_the_deadline_and_not_right_after_the_request() -> None:
    until = datetime(2030, 11, 30, 23, tzinfo=UTC)

    assert reminder_due(until - timedelta(days=30), until) == until - timedelta(days=7)
    assert reminder_due(until - timedelta(days=8), until) == until - timedelta(days=5)
    assert reminder_due(until - timedelta(days=4), until) is None


async def test_a_new_time_is_told_to_who_is_still_asked(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    closed = await a.opened(transaction)
    await club_that_was_asked(transaction, closed)
    await close_nomination(transaction, CloseNomination(honouring_event_id=closed))

    for one in (event_id, closed):
        event = await events.get(transaction, one)
        await reschedule_honouring_event(
            transaction,
            RescheduleHonouringEvent(
                honouring_event_id=one,
                version=event.version,
                programme=a.programme(),
                schedule=a.schedule(a.STARTS_AT + timedelta(days=7)),
                answer_by_on=a.ANSWER_BY_ON,
            ),
        )

    assert await told(transaction, NominationRequestChanged, event_id) == [club]
    assert await told(transaction, NominationRequestChanged, closed) == []


async def test_a_new_deadline_is_told_and_moves_the_reminder(transaction: Connection) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    event = await events.get(transaction, event_id)
    command = ChangeHonouringEvent(
        honouring_event_id=event_id,
        version=event.version,
        programme=a.programme(),
        terms=Terms(
            nominate_by_on=a.NOMINATE_BY_ON - timedelta(days=10),
            answer_by_on=a.ANSWER_BY_ON,
            most_seats=2,
        ),
        capacities=a.capacities(),
    )
    other_text = msgspec.structs.replace(
        command,
        version=event.version + 1,
        programme=msgspec.structs.replace(a.programme(), programme="Der Chor singt."),
    )

    await change_honouring_event(transaction, command)
    await change_honouring_event(transaction, other_text)

    due = await transaction.fetchval(
        "select remind_at from nomination_request where organisation_id = $1", club
    )
    assert event.nominate_by - due == timedelta(days=17)
    assert await told(transaction, NominationRequestChanged, event_id) == [club]


async def test_a_cancelled_concert_is_told_to_who_is_still_asked_and_ends_the_links(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    club = await club_that_was_asked(transaction, event_id)
    (link,) = await invite_organisations(
        transaction, InviteOrganisations(honouring_event_id=event_id)
    )
    await last_day(transaction, event_id)

    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    assert await told(transaction, NominationRequestWithdrawn, event_id) == [club]
    assert await quotas.find_by_link(transaction, token_hash(link.token)) is None
    assert await remind_late_organisations(transaction, RemindLateOrganisations()) == 0


async def test_who_is_not_asked_any_more_is_not_told_of_a_cancellation(
    transaction: Connection,
) -> None:
    event_id = await a.opened(transaction)
    await club_that_was_asked(transaction, event_id)
    await close_nomination(transaction, CloseNomination(honouring_event_id=event_id))

    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    assert await told(transaction, NominationRequestWithdrawn, event_id) == []
