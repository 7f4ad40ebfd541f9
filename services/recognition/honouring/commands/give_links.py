"""Give the notifier what it writes to guests with: their invitations, each with fresh secrets."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.recognition.honouring.links import (
    GRACE,
    letter_code_hash,
    mint_letter_code,
    mint_token,
    token_hash,
)
from services.recognition.honouring.model import Ticket, instant
from services.recognition.honouring.store import guests, links
from services.recognition.honouring.store.guests import Addressee
from services.recognition.honouring.store.links import Secret
from services.recognition.honouring.tickets import TicketKeys, sign_ticket
from shared.contracts.recognition import GuestDetails
from shared.contracts.recognition_reads import TicketDetails
from shared.database import Connection


class GiveLinks(msgspec.Struct, frozen=True, kw_only=True):
    """For which invitations, and who signs their tickets."""

    invitation_ids: tuple[UUID, ...]
    keys: TicketKeys


async def give_links(transaction: Connection, command: GiveLinks) -> list[GuestDetails]:
    """Make a link and a letter code for each invitation and return them with all details.

    Links and codes that a guest had before keep working. Unknown invitations are left out.
    """
    found = await guests.addressees(transaction, command.invitation_ids)
    tickets = await guests.tickets_of(transaction, [guest.invitation_id for guest in found])
    details = [
        _details(guest, _printed(tickets.get(guest.invitation_id, ()), command.keys))
        for guest in found
    ]
    secrets = [
        secret
        for guest, one in zip(found, details, strict=True)
        for secret in _secrets(guest, one.link_token, one.letter_code)
    ]
    await links.keep(transaction, secrets)
    return details


def _secrets(guest: Addressee, link_token: str, letter_code: str) -> tuple[Secret, Secret]:
    expires_at = guest.ends + GRACE
    return (
        Secret(guest.invitation_id, "invitation", token_hash(link_token), expires_at),
        Secret(guest.invitation_id, "letter_code", letter_code_hash(letter_code), expires_at),
    )


def _printed(tickets: Sequence[Ticket], keys: TicketKeys) -> tuple[TicketDetails, ...]:
    return tuple(
        TicketDetails(
            ticket_id=ticket.ticket_id,
            holder_name=ticket.holder_name,
            admission=ticket.admission,
            code=sign_ticket(keys, ticket.honouring_event_id, ticket.ticket_id),
            short_code=ticket.short_code,
        )
        for ticket in tickets
    )


def _details(guest: Addressee, tickets: tuple[TicketDetails, ...]) -> GuestDetails:
    return GuestDetails(
        invitation_id=guest.invitation_id,
        version=guest.version,
        person_id=guest.person_id,
        state=guest.state,
        invitation_wave_id=guest.invitation_wave_id,
        honouring_event_id=guest.honouring_event_id,
        title=guest.title,
        programme=guest.programme,
        venue_name=guest.venue_name,
        venue_address=guest.venue_address,
        starts_at=instant(guest.starts_at, guest.zone),
        ends_at=guest.ends,
        doors_open_at=instant(guest.doors_open_at, guest.zone),
        zone=guest.zone,
        is_cancelled=guest.is_cancelled,
        most_seats=guest.most_seats,
        answer_by=guest.answer_by,
        offered_until=guest.offered_until,
        seats=guest.party.persons,
        companion_name=guest.companion_name,
        tickets=tickets,
        link_token=mint_token(),
        letter_code=mint_letter_code(),
    )
