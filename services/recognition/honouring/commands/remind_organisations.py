"""Remind associations that have proposed nobody, because a planner wants to (Erinnerung)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.commands.ask_organisations import (
    NominationDeadlinePassed,
    RecipientsDiffer,
)
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, quotas, requests
from shared import outbox
from shared.contracts.recognition import NominationReminded
from shared.database import Connection


class RemindOrganisations(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to remind, and how many associations the person confirmed."""

    honouring_event_id: UUID
    organisation_id: UUID | None = None
    """One association; None: all that were asked and have proposed nobody."""
    expected: int


async def remind_organisations(transaction: Connection, command: RemindOrganisations) -> int:
    """Remind them, each at most once a day and not on the day of the request; returns how many.

    Raises:
        PhaseForbids, NominationDeadlinePassed: guests cannot be proposed now.
        RecipientsDiffer: the number of associations is not the one that was confirmed, because one
            has proposed somebody meanwhile or was written to today.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(event, "nomination_open", sentence="Zurzeit werden keine Vorschläge angenommen.")
    if event.nominate_by <= await events.clock(transaction):
        raise NominationDeadlinePassed
    wanted = [
        quota.organisation_id
        for quota in await quotas.listed(transaction, event.honouring_event_id)
        if quota.awaits_reminder and quota.way is not None
        if command.organisation_id in {None, quota.organisation_id}
    ]
    reminded = await requests.remind(transaction, event.honouring_event_id, wanted)
    if len(reminded) != command.expected:
        raise RecipientsDiffer(command.expected, len(reminded))
    await outbox.record(transaction, *(NominationReminded(**one.told) for one in reminded))
    return len(reminded)
