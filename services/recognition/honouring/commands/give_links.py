"""Give the notifier what it writes to guests with: their invitations, each with fresh secrets."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.recognition.honouring.links import (
    ends_at,
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
from shared.contracts.recognition import GuestDetails, InvitationState, TicketDetails
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
    until = {guest.invitation_id: _ends_at(guest) for guest in found}
    secrets = [
        secret
        for one in details
        for secret in (
            Secret(one.invitation_id, "invitation", token_hash(one.link_token), until[one.invitation_id]),
            Secret(
                one.invitation_id,
                "letter_code",
                letter_code_hash(one.letter_code),
                until[one.invitation_id],
            ),
        )
    ]
    await links.keep(transaction, secrets)
    return details
