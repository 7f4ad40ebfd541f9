"""The notifier asks for guests and gets what it writes to them with, with fresh secrets."""

from uuid import UUID, uuid4

from services.recognition.answers import answers
from services.recognition.honouring.commands.cancel_honouring_event import (
    CancelHonouringEvent,
    cancel_honouring_event,
)
from services.recognition.honouring.links import letter_code_hash, token_hash
from services.recognition.honouring.store import links
from services.recognition.honouring.tickets import TicketKeys, read_ticket, ticket_keys
from shared.asks import Asks
from shared.contracts.recognition import GuestDetails, Guests
from shared.database import Pool, transaction
from tests.conftest import Bus
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import says
from tests.recognition.honouring.settings import ticket_key
from tests.recognition.registry import answering

KEYS: TicketKeys = ticket_keys(ticket_key())


async def invitations(pool: Pool, count: int) -> list[UUID]:
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, count)
        rows = await opened.fetch(
            "select invitation_id from invitation where honouring_event_id = $1", event_id
        )
    return [row["invitation_id"] for row in rows]


async def ask(nats: Bus, pool: Pool, ids: list[UUID]) -> list[GuestDetails]:
    async with (
        answering(nats, "recognition", answers(pool, KEYS)),
        nats.client("notifier") as client,
    ):
        return await Asks(client)(Guests, ids)


async def test_an_invited_guest_can_be_written_to(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)

    (guest,) = await ask(nats, pool, [invitation_id, uuid4()])

    assert (guest.invitation_id, guest.state, guest.seats) == (invitation_id, "invited", 0)
    assert guest.starts_at.replace(tzinfo=None) == a.STARTS_AT
    assert guest.answer_by.date() == a.ANSWER_BY_ON


async def test_the_link_and_the_code_of_an_answer_open_the_invitation(
    nats: Bus, pool: Pool
) -> None:
    (invitation_id,) = await invitations(pool, 1)

    (guest,) = await ask(nats, pool, [invitation_id])

    async with pool.acquire() as connection:
        by_link = await links.find(connection, token_hash(guest.link_token))
        by_code = await links.find(connection, letter_code_hash(guest.letter_code))
    assert by_link is not None
    assert by_code is not None
    assert {by_link.invitation_id, by_code.invitation_id} == {invitation_id}


async def test_asked_again_both_links_work(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)

    (first,) = await ask(nats, pool, [invitation_id])
    (second,) = await ask(nats, pool, [invitation_id])

    assert first.link_token != second.link_token
    async with pool.acquire() as connection:
        for guest in (first, second):
            assert await links.find(connection, token_hash(guest.link_token))


async def test_a_guest_who_comes_gets_a_ticket_for_each_person(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)
    async with transaction(pool) as opened:
        await says(opened, invitation_id, 2, needs_wheelchair=True, with_access_companion=True)

    (guest,) = await ask(nats, pool, [invitation_id])

    assert [ticket.admission for ticket in guest.tickets] == ["wheelchair", "standard", "companion"]
    claims = [read_ticket(ticket.code, KEYS) for ticket in guest.tickets]
    assert [claim.ticket_id for claim in claims] == [one.ticket_id for one in guest.tickets]
    assert guest.seats == 3


async def test_an_invitation_that_was_taken_back_is_not_written_to(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)
    await pool.execute(
        "update invitation set state = 'cancelled' where invitation_id = $1", invitation_id
    )

    assert await ask(nats, pool, [invitation_id]) == []


async def test_a_guest_of_a_cancelled_concert_is_told_so(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)
    async with transaction(pool) as opened:
        event_id = await opened.fetchval(
            "select honouring_event_id from invitation where invitation_id = $1", invitation_id
        )
        await cancel_honouring_event(opened, CancelHonouringEvent(honouring_event_id=event_id))

    (guest,) = await ask(nats, pool, [invitation_id])

    assert guest.is_cancelled


async def test_no_secret_of_an_answer_is_stored_in_the_clear(nats: Bus, pool: Pool) -> None:
    (invitation_id,) = await invitations(pool, 1)

    (guest,) = await ask(nats, pool, [invitation_id])

    stored = await pool.fetchval(
        "select string_agg(capability_link::text, ' ') from capability_link"
    )
    assert guest.link_token not in stored
    assert guest.letter_code not in stored
