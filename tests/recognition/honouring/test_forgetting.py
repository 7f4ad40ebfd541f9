"""What was needed for one evening only is forgotten after it; who was invited and came is not."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.recognition.honouring.store import forgetting
from services.recognition.honouring.store.forgetting import NAMES_DAYS, NEEDS_DAYS
from shared.database import Connection
from tests.recognition.honouring.guests import guests, read, says, taken


async def passed(transaction: Connection, event_id: UUID, days: int) -> None:
    """Let the event have ended as many days ago."""
    await transaction.execute(
        """
        update honouring_event set
            doors_open_at = (now() at time zone zone) - $2::interval - interval '3 hours',
            starts_at = (now() at time zone zone) - $2::interval - interval '2 hours',
            ends_at = (now() at time zone zone) - $2::interval
        where honouring_event_id = $1
        """,
        event_id,
        timedelta(days=days),
    )


async def evening(transaction: Connection, count: int = 1) -> tuple[UUID, list[UUID]]:
    """An event whose guests come with a companion each, and need a wheelchair's place."""
    event_id, invited = await guests(transaction, count, wheelchair=count)
    for invitation_id in invited:
        await says(
            transaction,
            invitation_id,
            2,
            needs_wheelchair=True,
            companion_name="Wanda Beispiel",
            access_needs=("step_free",),
        )
    return event_id, invited


async def forget_all(transaction: Connection) -> int:
    """One batch of everything; returns how much was forgotten."""
    return sum(
        [
            await forgetting.forget_needs(transaction, 100),
            await forgetting.forget_answers(transaction, 100),
            await forgetting.forget_companions(transaction, 100),
            await forgetting.forget_holders(transaction, 100),
            await forgetting.forget_refused_scans(transaction, 100),
        ]
    )


async def test_nothing_is_forgotten_in_the_days_after_the_evening(transaction: Connection) -> None:
    event_id, _ = await evening(transaction)
    await passed(transaction, event_id, NEEDS_DAYS - 1)

    assert await forget_all(transaction) == 0


async def test_what_guests_needed_goes_first_and_everywhere(transaction: Connection) -> None:
    event_id, (guest,) = await evening(transaction)
    before = await taken(transaction, event_id)
    await passed(transaction, event_id, NEEDS_DAYS + 1)

    await forget_all(transaction)

    situation = await read(transaction, guest)
    needs = await transaction.fetchval(
        """
        select count(*) from invitation
        inner join answer_history using (invitation_id) inner join ticket using (invitation_id)
        where
            invitation_id = $1 and (
                invitation.needs_wheelchair or access_needs <> '{}'
                or answer_history.needs_wheelchair or admission = 'wheelchair'
            )
        """,
        guest,
    )
    assert needs == 0
    assert situation.invitation.companion_name == "Wanda Beispiel"
    assert await taken(transaction, event_id) == before


async def test_names_and_single_answers_go_and_the_invitation_stays(
    transaction: Connection,
) -> None:
    event_id, (guest,) = await evening(transaction)
    await transaction.execute(
        """
        insert into refused_scan (scan_id, honouring_event_id, door, device, reason, checked_by)
        values ($1, $2, 'Nord', 'Telefon', 'forged', 'Tür')
        """,
        uuid4(),
        event_id,
    )
    await passed(transaction, event_id, NAMES_DAYS + 1)

    await forget_all(transaction)

    invitation = (await read(transaction, guest)).invitation
    left = await transaction.fetchval(
        """
        select
            (select count(*) from answer_history where invitation_id = $1)
            + (select count(*) from ticket where invitation_id = $1 and holder_name <> '')
            + (select count(*) from refused_scan where honouring_event_id = $2)
        """,
        guest,
        event_id,
    )
    assert left == 0
    assert (invitation.state, invitation.seats, invitation.companion_name) == ("accepted", 2, "")
    assert await transaction.fetchval(
        "select count(*) from ticket where invitation_id = $1 and cancelled_at is null", guest
    )


async def test_it_is_forgotten_some_at_a_time(transaction: Connection) -> None:
    event_id, _ = await evening(transaction, 2)
    await passed(transaction, event_id, NAMES_DAYS + 1)

    companions = [await forgetting.forget_companions(transaction, 1) for _ in range(3)]
    answers = [await forgetting.forget_answers(transaction, 1) for _ in range(3)]

    assert (companions, answers) == ([1, 1, 0], [1, 1, 0])
