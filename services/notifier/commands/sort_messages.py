"""Decide for queued messages whether they go by mail or as a letter."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from services.notifier.store import batches, known, ledger, letters
from services.notifier.store.ledger import Unsorted
from shared.contracts.registry import PersonDetails
from shared.database import Connection


class SortMessages(msgspec.Struct, frozen=True, kw_only=True):
    """Messages without a channel, and what registry knows of their recipients."""

    messages: Sequence[Unsorted]
    person_of: Mapping[UUID, UUID]
    """By invitation, whose it is, where the ledger did not know."""
    people: Mapping[UUID, PersonDetails]


async def sort_messages(transaction: Connection, command: SortMessages) -> None:
    """Give each message its channel: mail for people with an address, a letter for all others.

    Letters join the open batch of their kind. A message to somebody whom registry does not know
    (any more) is cancelled. Messages that another worker has sorted are left as they are.
    """
    for invitation_id, person_id in command.person_of.items():
        await known.name_person(transaction, invitation_id, person_id)
        await ledger.name_recipient(transaction, invitation_id, person_id)
    mails: list[UUID] = []
    by_post: list[UUID] = []
    unknown: list[UUID] = []
    for message in command.messages:
        person = _recipient(message, command)
        if person is None:
            unknown.append(message.message_id)
        elif person.email and not message.prefers_letters:
            mails.append(message.message_id)
        else:
            by_post.append(message.message_id)
    await ledger.send_by_mail(transaction, mails)
    await ledger.end_unsendable(transaction, unknown, "recipient_unknown")
    for kind in await letters.kinds(transaction, by_post):
        batch_id = await batches.open_batch(
            transaction, kind.honouring_event_id, kind.purpose, kind.invitation_wave_id
        )
        await letters.put_into_batch(transaction, batch_id, kind, by_post)


def _recipient(message: Unsorted, command: SortMessages) -> PersonDetails | None:
    person_id = message.person_id or command.person_of.get(message.invitation_id)
    return None if person_id is None else command.people.get(person_id)
