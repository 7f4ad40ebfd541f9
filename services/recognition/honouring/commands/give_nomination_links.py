"""Give the notifier what it writes to associations with: their requests, with fresh secrets."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.links import (
    letter_code_hash,
    mint_letter_code,
    mint_token,
    token_hash,
)
from services.recognition.honouring.model import HonouringEvent, instant
from services.recognition.honouring.nomination import association_links_end_at
from services.recognition.honouring.store import events, requests
from services.recognition.honouring.store.requests import AskedAssociation, LinkSecret
from shared.contracts.recognition_reads import NominationDetails
from shared.database import Connection


class GiveNominationLinks(msgspec.Struct, frozen=True, kw_only=True):
    """For which requests."""

    nomination_request_ids: tuple[UUID, ...]


async def give_nomination_links(
    transaction: Connection, command: GiveNominationLinks
) -> list[NominationDetails]:
    """Make a link and a letter code for each request and return them with all details.

    Links and codes that an association had before keep working. Unknown requests are left out; a
    request that was withdrawn gets secrets that open nothing.
    """
    found = await requests.addressees(transaction, command.nomination_request_ids)
    about = {
        event_id: await events.get(transaction, event_id)
        for event_id in {one.honouring_event_id for one in found}
    }
    now = await events.clock(transaction)
    details = []
    secrets: list[LinkSecret] = []
    for one in found:
        event = about[one.honouring_event_id]
        state: Literal["open", "closed"] = (
            "open"
            if event.phase == "nomination_open" and now <= event.nominate_by and one.places
            else "closed"
        )
        told = _details(one, event, "withdrawn" if one.is_withdrawn else state)
        details.append(told)
        if not one.is_withdrawn:
            secrets += _secrets(told, event)
    await requests.keep_links(transaction, secrets)
    return details


def _secrets(told: NominationDetails, event: HonouringEvent) -> Sequence[LinkSecret]:
    until = association_links_end_at(event.nominate_by)
    return [
        LinkSecret(told.honouring_event_id, told.organisation_id, hashed, until)
        for hashed in (token_hash(told.link_token), letter_code_hash(told.letter_code))
    ]


def _details(
    asked: AskedAssociation, event: HonouringEvent, state: Literal["open", "closed", "withdrawn"]
) -> NominationDetails:
    before = event.previous_starts_at
    return NominationDetails(
        nomination_request_id=asked.nomination_request_id,
        version=asked.version,
        organisation_id=asked.organisation_id,
        state=state,
        places=asked.places,
        proposed=asked.proposed,
        nominate_by=event.nominate_by,
        honouring_event_id=event.honouring_event_id,
        title=event.title,
        venue_name=event.venue_name,
        venue_address=event.venue_address,
        starts_at=event.starts,
        ends_at=event.ends,
        previous_starts_at=instant(before, event.zone) if before else None,
        zone=event.zone,
        link_token=mint_token(),
        letter_code=mint_letter_code(),
    )
