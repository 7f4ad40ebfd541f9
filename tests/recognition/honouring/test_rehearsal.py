"""Before the doors open a scan says what would happen, and nothing is kept of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from services.recognition.honouring.commands.open_admission import (
    AlreadyAdmitting,
    OpenAdmission,
    open_admission,
)
from services.recognition.honouring.commands.rehearse_admission import (
    NotOpenedByHand,
    RehearseAdmission,
    SomebodyInside,
    rehearse_admission,
)
from services.recognition.honouring.commands.reschedule_honouring_event import (
    RescheduleHonouringEvent,
    reschedule_honouring_event,
)
from services.recognition.honouring.model import Ticket
from services.recognition.honouring.planning import EventIsOver, PhaseForbids, Terms
from services.recognition.honouring.store import events, tickets
from shared.auth import Role
from shared.contracts.recognition import GuestCheckedIn
from shared.database import Connection, Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import guests, says
from tests.recognition.honouring.pages import browsing
from tests.recognition.honouring.scans import shows
from tests.visitor import Visitor

CONSOLE = "/konsole/konzerte"


async def coming(opened: Connection) -> tuple[UUID, Ticket]:
    """An event in some years, and the ticket of a guest who comes."""
    event_id, (guest,) = await guests(opened, 1)
    await says(opened, guest, 1)
    (ticket,) = await tickets.valid(opened, guest)
    return event_id, ticket


async def begins_in(opened: Connection, event_id: UUID, hours: float) -> None:
    """Let time pass until the event begins so soon; its doors open an hour before."""
    await opened.execute(
        """
        update honouring_event set
            starts_at = (now() at time zone zone) + $2::interval,
            ends_at = (now() at time zone zone) + $2::interval + interval '2 hours',
            doors_open_at = (now() at time zone zone) + $2::interval - interval '1 hour'
        where honouring_event_id = $1
        """,
        event_id,
        timedelta(hours=hours),
    )


async def kept(opened: Connection) -> int:
    """How much is written down of scans."""
    found: int = await opened.fetchval(
        "select (select count(*) from check_in) + (select count(*) from refused_scan)"
    )
    return found


def opening(event_id: UUID) -> OpenAdmission:
    return OpenAdmission(honouring_event_id=event_id)


async def test_a_rehearsed_scan_says_what_would_happen_and_nothing_is_kept(
    transaction: Connection,
) -> None:
    event_id, ticket = await coming(transaction)

    answers = [
        await shows(transaction, event_id, shown)
        for shown in (ticket.short_code, ticket.short_code, "Garderobe", "0000-0000")
    ]

    assert [one.verdict for one in answers] == ["admitted", "admitted", "unreadable", "unknown"]
    assert [one.colour for one in answers] == ["green", "green", "red", "red"]
    assert all(one.is_rehearsal and one.headline.startswith("Probe: ") for one in answers)
    assert answers[0].holder_name == "Grit Beispiel"
    assert answers[0].sentence == (
        "Diese Karte würde eingelassen. Eingetragen ist nichts; das geschieht ab 08.02.2031,"
        " 16:00 Uhr."
    )
    assert answers[0].counts_from == (await events.get(transaction, event_id)).counts_from
    assert await kept(transaction) == 0
    assert await a.facts(transaction, GuestCheckedIn) == []


async def test_a_returned_ticket_is_told_apart_in_a_rehearsal_too(transaction: Connection) -> None:
    event_id, (guest,) = await guests(transaction, 1)
    await says(transaction, guest, 1)
    (ticket,) = await tickets.valid(transaction, guest)
    await says(transaction, guest, 0)

    admission = await shows(transaction, event_id, ticket.short_code)

    assert (admission.verdict, admission.is_rehearsal) == ("ticket_cancelled", True)
    assert await kept(transaction) == 0


@pytest.mark.parametrize(("hours_before", "written_down"), [(3.1, 0), (2.9, 1), (0.5, 1), (-1, 1)])
async def test_scans_count_by_themselves_three_hours_before_the_beginning(
    transaction: Connection, hours_before: float, written_down: int
) -> None:
    event_id, ticket = await coming(transaction)
    await begins_in(transaction, event_id, hours_before)

    admission = await shows(transaction, event_id, ticket.short_code)

    assert admission.is_rehearsal == (written_down == 0)
    assert await kept(transaction) == written_down


async def test_the_planner_says_how_long_before(transaction: Connection) -> None:
    event_id, ticket = await coming(transaction)
    await begins_in(transaction, event_id, 7)
    before = await shows(transaction, event_id, ticket.short_code)
    await transaction.execute("update honouring_event set admission_hours = 8")

    assert before.is_rehearsal
    assert not (await shows(transaction, event_id, ticket.short_code)).is_rehearsal


async def test_open_doors_count_also_where_that_is_earlier(transaction: Connection) -> None:
    event_id, ticket = await coming(transaction)
    await begins_in(transaction, event_id, 1.5)
    await transaction.execute("update honouring_event set admission_hours = 1")
    early = await shows(transaction, event_id, ticket.short_code)
    await transaction.execute(
        "update honouring_event set doors_open_at = doors_open_at - interval '1 hour'"
    )

    assert early.is_rehearsal
    assert not (await shows(transaction, event_id, ticket.short_code)).is_rehearsal


async def test_doors_are_opened_by_hand_and_closed_while_nobody_is_inside(
    transaction: Connection,
) -> None:
    event_id, ticket = await coming(transaction)
    back = RehearseAdmission(honouring_event_id=event_id)
    with pytest.raises(NotOpenedByHand):
        await rehearse_admission(transaction, back)

    await open_admission(transaction, opening(event_id))
    with pytest.raises(AlreadyAdmitting):
        await open_admission(transaction, opening(event_id))
    await rehearse_admission(transaction, back)
    rehearsed = await shows(transaction, event_id, ticket.short_code)
    await open_admission(transaction, opening(event_id))
    scan_id = uuid4()
    admitted = await shows(transaction, event_id, ticket.short_code, scan_id=scan_id)
    with pytest.raises(SomebodyInside):
        await rehearse_admission(transaction, back)

    assert (rehearsed.is_rehearsal, admitted.is_rehearsal) == (True, False)
    assert len(await a.facts(transaction, GuestCheckedIn)) == 1


async def test_a_scan_of_the_rehearsal_that_is_sent_again_admits_once_the_doors_are_open(
    transaction: Connection,
) -> None:
    event_id, ticket = await coming(transaction)
    scan_id = uuid4()
    await shows(transaction, event_id, ticket.short_code, scan_id=scan_id)
    await a.admitting(transaction, event_id)

    admission = await shows(transaction, event_id, ticket.short_code, scan_id=scan_id)

    assert (admission.verdict, admission.is_rehearsal) == ("admitted", False)


async def test_a_concert_that_is_moved_is_rehearsed_for_again(transaction: Connection) -> None:
    event_id, ticket = await coming(transaction)
    await a.admitting(transaction, event_id)
    event = await events.get(transaction, event_id)
    await reschedule_honouring_event(
        transaction,
        RescheduleHonouringEvent(
            honouring_event_id=event_id,
            version=event.version,
            programme=a.programme(),
            schedule=a.schedule(a.STARTS_AT + timedelta(days=7)),
            answer_by_on=a.ANSWER_BY_ON,
        ),
    )

    assert (await shows(transaction, event_id, ticket.short_code)).is_rehearsal


async def test_doors_are_opened_only_for_invited_guests(transaction: Connection) -> None:
    early = await a.opened(transaction)
    over, _ = await a.invited(transaction, 1)
    await events.enter(transaction, over, "held")

    with pytest.raises(PhaseForbids, match="niemand eingeladen"):
        await open_admission(transaction, opening(early))
    with pytest.raises(EventIsOver):
        await open_admission(transaction, opening(over))


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    async with browsing(database) as visitor:
        yield visitor


async def test_the_foundation_opens_the_doors_and_the_door_s_page_says_so(
    browser: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id, ticket = await coming(opened)
    door, concert = f"/tuer/{event_id}/Eingang%20B", f"{CONSOLE}/{event_id}"
    browser.sign_in(Role.DOOR)
    before = (await browser.get(door)).text
    rehearsed = (await browser.post(door, {"shown": ticket.short_code})).text
    refused = await browser.post(f"{concert}/einlass-oeffnen")
    browser.sign_in(Role.FOUNDATION)
    plan = (await browser.get(concert)).text
    question = await browser.get(f"{concert}/einlass-oeffnen")
    answer = await browser.post(f"{concert}/einlass-oeffnen")
    after = (await browser.get(concert)).text
    browser.sign_in(Role.DOOR)
    admitted = (await browser.post(door, {"shown": ticket.short_code})).text

    assert "Prüfen (Probe)" in before
    assert "Gezählt wird von selbst ab 08.02.2031, 16:00 Uhr." in before
    assert "verdict--green verdict--rehearsal" in rehearsed
    assert "Einlass zurücknehmen" not in rehearsed
    assert "<strong>0</strong> von 1 eingelassen" in rehearsed
    assert (refused.status_code, answer.status_code) == (403, 303)
    assert "bis dahin ist an der Tür Probe" in plan
    assert "Karte eingetragen" in question.text
    assert "von Hand geöffnet" in after
    assert "Zurück zur Probe an der Tür" in after
    assert "verdict--rehearsal" not in admitted
    assert "<strong>1</strong> von 1 eingelassen" in admitted


def test_admission_hours_have_an_end() -> None:
    said = msgspec.to_builtins(a.terms())
    for hours in (0, 25):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**said, "admission_hours": hours}, Terms)
