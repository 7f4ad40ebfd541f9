"""Set how many guests associations may propose."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.recognition.honouring.nomination import MOST_QUOTA
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, quotas
from shared.database import Connection
from shared.errors import Malformed


class QuotaOutOfRange(Malformed):
    """A quota is negative or larger than makes sense."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Bitte geben Sie eine Zahl von 0 bis {MOST_QUOTA} ein.", field)


class QuotaBelowProposals(Malformed):
    """An association has proposed more people than it would be allowed to."""

    def __init__(self, organisation_id: UUID, name: str, proposed: int) -> None:
        super().__init__(
            f"{name} hat schon {proposed} Personen vorgeschlagen.", f"places_{organisation_id}"
        )


class OrganisationUnknown(Malformed):
    """There is no association with this id."""

    def __init__(self, organisation_id: UUID) -> None:
        super().__init__(f"Den Verein mit der Nummer {organisation_id} gibt es nicht.")


class SetQuotas(msgspec.Struct, frozen=True, kw_only=True):
    """New quotas; associations that are not named keep what they have."""

    honouring_event_id: UUID
    places: Mapping[UUID, int]
    """Guests by association."""


async def set_quotas(transaction: Connection, command: SetQuotas) -> int:
    """Set the quotas, all or none; returns how many are different from before.

    Raises:
        PhaseForbids: guests have been selected already.
        QuotaOutOfRange, QuotaBelowProposals, OrganisationUnknown: the first that is wrong.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "draft",
        "nomination_open",
        "nomination_closed",
        sentence="Kontingente können nur vor der Auswahl der Gäste geändert werden.",
    )
    known = {
        quota.organisation_id: quota
        for quota in await quotas.listed(transaction, event.honouring_event_id)
    }
    changed = {}
    for organisation_id, places in command.places.items():
        quota = known.get(organisation_id)
        if quota is None:
            raise OrganisationUnknown(organisation_id)
        if not 0 <= places <= MOST_QUOTA:
            raise QuotaOutOfRange(f"places_{organisation_id}")
        if places < quota.proposed:
            raise QuotaBelowProposals(organisation_id, quota.name, quota.proposed)
        if places != quota.places:
            changed[organisation_id] = places
    await quotas.put(transaction, event.honouring_event_id, changed)
    return len(changed)
