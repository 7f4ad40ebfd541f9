"""Decide for queued messages whether they go by mail or as a letter."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args
from uuid import UUID

import msgspec

from services.notifier import wording
from services.notifier.store import batches, known, ledger, letters
from services.notifier.store.ledger import Unsorted
from shared.contracts.registry import OrganisationDetails, PersonDetails
from shared.database import Connection

Way = Literal["mail", "letter", "recipient_unknown", "no_address"]
UNSENDABLE: Final[tuple[Way, ...]] = ("recipient_unknown", "no_address")


class SortMessages(msgspec.Struct, frozen=True, kw_only=True):
    """Messages without a channel, and what registry knows of their recipients."""

    messages: Sequence[Unsorted]
    person_of: Mapping[UUID, UUID]
    """By invitation, whose it is, where the ledger did not know."""
    people: Mapping[UUID, PersonDetails]
    organisations: Mapping[UUID, OrganisationDetails]


async def sort_messages(transaction: Connection, command: SortMessages) -> None:
    """Give each message its channel: mail for who has an e-mail address, a letter for all others.

    Letters join the open batch of their kind. A message is cancelled if registry does not know the
    recipient (any more), or knows neither address of an association. Messages that another worker
    has sorted are left as they are.
    """
    for invitation_id, person_id in command.person_of.items():
        await known.name_person(transaction, invitation_id, person_id)
        await ledger.name_recipient(transaction, invitation_id, person_id)
    ways: dict[Way, list[UUID]] = {way: [] for way in get_args(Way)}
    for message in command.messages:
        ways[_way(message, command)].append(message.message_id)
    await ledger.send_by_mail(transaction, ways["mail"])
    for reason in UNSENDABLE:
        await ledger.end_unsendable(transaction, ways[reason], reason)
    by_post = ways["letter"]
    for kind in await letters.kinds(transaction, by_post):
        batch_id = await batches.open_batch(
            transaction, kind.honouring_event_id, kind.purpose, kind.invitation_wave_id
        )
        await letters.put_into_batch(transaction, batch_id, kind, by_post)


def _way(message: Unsorted, command: SortMessages) -> Way:
    if message.organisation_id is not None:
        return _way_to_association(command.organisations.get(message.organisation_id))
    person_id = message.person_id
    if person_id is None and message.invitation_id is not None:
        person_id = command.person_of.get(message.invitation_id)
    person = None if person_id is None else command.people.get(person_id)
    if person is None:
        return "recipient_unknown"
    return "mail" if person.email and not message.prefers_letters else "letter"


def _way_to_association(organisation: OrganisationDetails | None) -> Way:
    if organisation is None:
        return "recipient_unknown"
    if organisation.email:
        return "mail"
    return "letter" if wording.has_address(organisation) else "no_address"
