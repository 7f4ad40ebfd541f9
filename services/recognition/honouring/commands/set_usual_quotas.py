"""Give every association that has no quota yet the usual one."""

from uuid import UUID

import msgspec

from services.recognition.honouring.nomination import usual_places
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, quotas
from shared.database import Connection


class SetUsualQuotas(msgspec.Struct, frozen=True, kw_only=True):
    """For which honouring event."""

    honouring_event_id: UUID


async def set_usual_quotas(transaction: Connection, command: SetUsualQuotas) -> int:
    """Set 3 to 7 places by the association's size where nothing is set; returns for how many.

    Raises:
        PhaseForbids: guests have been selected already.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "draft",
        "nomination_open",
        "nomination_closed",
        sentence="Kontingente können nur vor der Auswahl der Gäste geändert werden.",
    )
    known = await quotas.listed(transaction, event.honouring_event_id)
    usual = {
        quota.organisation_id: usual_places(quota.engaged)
        for quota in known
        if quota.places is None
    }
    await quotas.put(transaction, event.honouring_event_id, usual)
    return len(usual)
