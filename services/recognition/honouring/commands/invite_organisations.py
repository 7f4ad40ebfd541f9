"""Give associations the links with which they propose their guests."""

from uuid import UUID

import msgspec

from services.recognition.honouring.links import mint_token, token_hash
from services.recognition.honouring.nomination import association_links_end_at
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, quotas
from shared.database import Connection
from shared.errors import Refused


class NobodyToAsk(Refused):
    """No association has both a quota and no link yet."""

    def __init__(self) -> None:
        super().__init__(
            "Es gibt keinen Verein, der ein Kontingent hat und noch keinen Link bekommen hat."
        )


class InviteOrganisations(msgspec.Struct, frozen=True, kw_only=True):
    """Which associations get a link."""

    honouring_event_id: UUID
    organisation_id: UUID | None = None
    """One association, also if it had a link before; None: all that had none."""


class MintedLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was made just now; nobody can read it again later."""

    organisation_id: UUID
    name: str
    email: str | None
    places: int
    token: str


async def invite_organisations(
    transaction: Connection, command: InviteOrganisations
) -> list[MintedLink]:
    """Make links for associations that have a quota, and return their secrets, by name.

    Links that an association had before keep working.

    Raises:
        PhaseForbids: guests cannot be proposed now.
        NobodyToAsk: there is no association to make a link for.
    """
    event = await events.lock(transaction, command.honouring_event_id)
    demand(
        event,
        "nomination_open",
        sentence="Bitte öffnen Sie zuerst die Vorschläge, dann gibt es Links für die Vereine.",
    )
    minted = [
        MintedLink(
            organisation_id=quota.organisation_id,
            name=quota.name,
            email=quota.email,
            places=quota.places,
            token=mint_token(),
        )
        for quota in await quotas.listed(transaction, event.honouring_event_id)
        if quota.places
        if quota.organisation_id == command.organisation_id
        or (command.organisation_id is None and quota.invited_at is None)
    ]
    if not minted:
        raise NobodyToAsk
    await quotas.add_links(
        transaction,
        event.honouring_event_id,
        [(link.organisation_id, token_hash(link.token)) for link in minted],
        association_links_end_at(event.nominate_by),
    )
    return minted
