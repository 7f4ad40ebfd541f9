"""A ticket opens the door exactly once, and everything else is told apart."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.commands.check_in_guest import (
    ScanReused,
)
from services.recognition.honouring.commands.undo_check_in import (
    NotInside,
    ReasonMissing,
    TicketUnknown,
    UndoCheckIn,
    undo_check_in,
)
from services.recognition.honouring.model import Ticket
from services.recognition.honouring.refused_answers import AlreadyInside
from services.recognition.honouring.store import doors, events, tickets
from services.recognition.honouring.store.doors import Attendance
from services.recognition.honouring.tickets import sign_ticket
from shared.contracts.recognition import GuestCheckedIn
from shared.database import Connection, Pool, transaction
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import guests, says
from tests.recognition.honouring.keys import KEYS
from tests.recognition.honouring.scans import shows


async def coming(opened: Connection, seats: int = 1) -> tuple[UUID, UUID, list[Ticket]]:
    """An event, a guest who comes, and the guest's tickets."""
    event_id, (guest,) = await guests(opened, 1)
    await says(opened, guest, seats)
    await a.admitting(opened, event_id)
    return event_id, guest, await tickets.valid(opened, guest)


def code(ticket: Ticket) -> str:
    return sign_ticket(KEYS, ticket.honouring_event_id, ticket.ticket_id)


async def test_the_first_scan_admits_and_says_who(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)

    admission = await shows(transaction, event_id, code(ticket))

    (fact,) = await a.facts(transaction, GuestCheckedIn)
    assert (admission.verdict, admission.colour) == ("admitted", "green")
    assert (admission.holder_name, admission.admission) == ("Grit Beispiel", "standard")
    assert isinstance(fact, GuestCheckedIn)
    assert (fact.ticket_id, fact.version, fact.door) == (ticket.ticket_id, 2, "Eingang B")


async def test_the_second_scan_says_when_and_where_the_first_was(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)
    first = await shows(transaction, event_id, code(ticket))

    second = await shows(transaction, event_id, code(ticket), door="Eingang A")

    event = await events.get(transaction, event_id)
    assert first.entered_at is not None
    at = first.entered_at.astimezone(event.starts.tzinfo)
    assert second.verdict == "already_in"
    assert second.sentence == f"Bereits eingelassen um {at:%H:%M} Uhr, Eingang B."
    assert len(await a.facts(transaction, GuestCheckedIn)) == 1


async def test_a_typed_short_code_admits_as_well(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)

    admission = await shows(transaction, event_id, ticket.short_code.lower().replace("-", " "))

    assert admission.verdict == "admitted"


async def test_the_same_scan_sent_again_gets_the_same_answer(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)
    scan_id = uuid4()
    first = await shows(transaction, event_id, code(ticket), scan_id=scan_id)

    again = await shows(transaction, event_id, code(ticket), scan_id=scan_id)

    assert again == first
    assert len(await a.facts(transaction, GuestCheckedIn)) == 1


async def test_a_scans_id_is_not_used_for_two_tickets(transaction: Connection) -> None:
    event_id, _, (own, companions) = await coming(transaction, seats=2)
    scan_id = uuid4()
    await shows(transaction, event_id, code(own), scan_id=scan_id)

    with pytest.raises(ScanReused):
        await shows(transaction, event_id, code(companions), scan_id=scan_id)


async def test_a_cancelled_ticket_is_told_apart(transaction: Connection) -> None:
    event_id, guest, (ticket,) = await coming(transaction)
    await says(transaction, guest, 0)

    admission = await shows(transaction, event_id, code(ticket))

    assert (admission.verdict, admission.colour) == ("ticket_cancelled", "red")


@pytest.mark.parametrize("shown", ["", "Garderobe 12", "http://example.de/", "\x00", "İ" * 8])
async def test_what_is_no_ticket_is_told_apart(transaction: Connection, shown: str) -> None:
    event_id, _, _ = await coming(transaction)

    assert (await shows(transaction, event_id, shown)).verdict == "unreadable"
    assert await refused_reasons(transaction, event_id) == ["unreadable"]


async def test_a_forged_ticket_is_told_apart(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)
    forged = code(ticket)[:-4] + "AAAA"

    assert (await shows(transaction, event_id, forged)).verdict == "forged"
    assert await refused_reasons(transaction, event_id) == ["forged"]


async def test_a_ticket_of_another_event_is_told_apart(transaction: Connection) -> None:
    event_id, _, _ = await coming(transaction)
    _, _, (foreign,) = await coming(transaction)

    scanned = await shows(transaction, event_id, code(foreign))
    typed = await shows(transaction, event_id, foreign.short_code)

    assert [scanned.verdict, typed.verdict] == ["other_event", "other_event"]


async def test_a_code_that_was_never_printed_is_told_apart(transaction: Connection) -> None:
    event_id, _, _ = await coming(transaction)

    assert (await shows(transaction, event_id, "0000-0000")).verdict == "unknown"


async def test_a_signed_ticket_that_is_not_in_the_table_is_unknown(
    transaction: Connection,
) -> None:
    event_id, _, _ = await coming(transaction)

    admission = await shows(transaction, event_id, sign_ticket(KEYS, event_id, uuid4()))

    assert admission.verdict == "unknown"


async def test_nobody_enters_an_event_that_was_called_off(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)
    await cancel_honouring_event(transaction, CancelHonouringEvent(honouring_event_id=event_id))

    assert (await shows(transaction, event_id, code(ticket))).verdict == "event_cancelled"


async def test_the_count_at_the_door_grows_with_each_guest(transaction: Connection) -> None:
    event_id, _, (own, _) = await coming(transaction, seats=2)
    for _ in range(2):
        await shows(transaction, event_id, code(own))

    assert await doors.attendance(transaction, event_id) == Attendance(inside=1, expected=2)


async def test_a_ticket_is_found_by_the_name_of_its_guest(transaction: Connection) -> None:
    event_id, guest, _ = await coming(transaction)
    await says(transaction, guest, 2, companion_name="Ute Muster")

    found = [await tickets.named(transaction, event_id, name, 20) for name in ("GRIT", "must")]

    assert [[ticket.holder_name for ticket in several] for several in found] == [
        ["Grit Beispiel", "Ute Muster"],
        ["Ute Muster"],
    ]
    assert await tickets.named(transaction, event_id, "%", 20) == []


async def test_an_undone_admission_can_be_made_again(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)
    await shows(transaction, event_id, code(ticket))

    await undo_check_in(transaction, undoing(event_id, ticket.ticket_id))

    assert await doors.attendance(transaction, event_id) == Attendance(inside=0, expected=1)
    assert (await shows(transaction, event_id, code(ticket))).verdict == "admitted"
    assert await transaction.fetchval("select undone_because from check_in limit 1") == "Irrtum"
    assert await transaction.fetchval("select action from audit_entry") == "undo_check_in"


async def test_an_undo_needs_a_reason_and_an_admission(transaction: Connection) -> None:
    event_id, _, (ticket,) = await coming(transaction)

    with pytest.raises(NotInside):
        await undo_check_in(transaction, undoing(event_id, ticket.ticket_id))
    with pytest.raises(TicketUnknown):
        await undo_check_in(transaction, undoing(uuid4(), ticket.ticket_id))
    for reason in ("  ", "x" * 201):
        with pytest.raises(ReasonMissing):
            await undo_check_in(transaction, undoing(event_id, ticket.ticket_id, reason))


async def test_who_is_inside_does_not_decline_any_more(transaction: Connection) -> None:
    event_id, guest, (ticket,) = await coming(transaction)
    await shows(transaction, event_id, code(ticket))

    with pytest.raises(AlreadyInside):
        await says(transaction, guest, 0)


async def test_of_fifty_scans_at_once_exactly_one_admits(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id, _, (ticket,) = await coming(opened)

    async def scan() -> str:
        async with transaction(pool) as opened:
            return (await shows(opened, event_id, code(ticket))).verdict

    verdicts = await asyncio.gather(*(scan() for _ in range(50)))

    assert Counter(verdicts) == Counter(admitted=1, already_in=49)
    stored = await pool.fetchval(
        "select count(*) from check_in where ticket_id = $1", ticket.ticket_id
    )
    assert stored == 50


async def test_one_scan_sent_fifty_times_at_once_is_one_admission(pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id, _, (ticket,) = await coming(opened)
    scan_id = uuid4()

    async def scan() -> str:
        async with transaction(pool) as opened:
            return (await shows(opened, event_id, code(ticket), scan_id=scan_id)).verdict

    verdicts = await asyncio.gather(*(scan() for _ in range(50)))

    assert Counter(verdicts) == Counter(admitted=50)


def undoing(event_id: UUID, ticket_id: UUID, reason: str = "Irrtum") -> UndoCheckIn:
    return UndoCheckIn(
        honouring_event_id=event_id,
        ticket_id=ticket_id,
        reason=reason,
        undone_by="Ida Einlass",
        actor="provider|door",
    )


async def refused_reasons(connection: Connection, event_id: UUID) -> list[str]:
    rows = await connection.fetch(
        "select reason from refused_scan where honouring_event_id = $1", event_id
    )
    return [row[0] for row in rows]
