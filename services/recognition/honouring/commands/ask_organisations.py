"""Ask associations to propose guests, each by a mail or a letter with its own link."""

from uuid import UUID

import msgspec

from services.recognition.honouring.nomination import reminder_due
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, quotas, requests
from shared import outbox
from shared.contracts.recognition import NominationRequested
from shared.database import Connection
from shared.errors import Refused


class NominationDeadlinePassed(Refused):
    """There is no time left in which an association could propose."""

    def __init__(self) -> None:
        super().__init__(
            "Die Frist für Vorschläge ist abgelaufen. Bitte setzen Sie unter „Bearbeiten“ zuerst"
            " eine spätere Frist."
        )


class RecipientsDiffer(Refused):
    """Other associations would be written to than the person saw in the preview."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"Inzwischen wären {found} statt {expected} Vereine anzuschreiben."
            " Bitte sehen Sie sich die Zahlen noch einmal an."
        )


class AskOrganisations(msgspec.Struct, frozen=True, kw_only=True):
    """For which event, and how many associations the person confirmed."""

    honouring_event_id: UUID
    expected: int


async def ask_organisations(transaction: Connection, command: AskOrganisations) -> int:
    """Ask every association that has a quota and was not asked, and say so; returns how many.

    Who has neither an e-mail address nor a postal one is left out and can be asked later. Asked
    twice at once, the second finds nobody left.

    Raises:
        PhaseForbids, NominationDeadlinePassed: guests cannot be proposed now.
        RecipientsDiffer: the number of associations is not the one that was confirmed.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(event, "nomination_open", sentence="Bitte öffnen Sie zuerst die Vorschläge.")
    now = await events.clock(transaction)
    channels = {
        quota.organisation_id: quota.way
        for quota in await quotas.listed(transaction, event.honouring_event_id)
        if quota.awaits_request and quota.way is not None
    }
    if len(channels) != command.expected:
        raise RecipientsDiffer(command.expected, len(channels))
    if channels and event.nominate_by <= now:
        raise NominationDeadlinePassed
    asked = await requests.add(
        transaction, event.honouring_event_id, channels, reminder_due(now, event.nominate_by)
    )
    await outbox.record(transaction, *(NominationRequested(**one.told) for one in asked))
    return len(asked)
