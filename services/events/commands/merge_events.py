"""An editor says that two events are the same; one stays, the other leads to it."""

from uuid import UUID

import msgspec

from services.events.associations.store import submissions
from services.events.model import CalendarEvent, EventUnknown, KeptElsewhere, require_version
from services.events.store import duplicates, events, leaving
from shared import outbox
from shared.contracts.events import EventWithdrawn
from shared.database import Connection
from shared.errors import Malformed, Refused


class DraftKept(Refused):
    """Whoever knows the public event would be sent to one that nobody may see."""

    def __init__(self) -> None:
        super().__init__(
            "Die Veranstaltung, die bleiben soll, ist noch ein Entwurf. Bitte veröffentlichen Sie "
            "sie zuerst, oder behalten Sie die andere."
        )


class MergeEvents(msgspec.Struct, frozen=True, kw_only=True):
    """Which event stays and which goes, as an editor has seen them."""

    kept_id: UUID
    kept_version: int
    gone_id: UUID
    gone_version: int


async def merge_events(transaction: Connection, command: MergeEvents) -> CalendarEvent:
    """Merge an event into another and return that one, which does not change.

    The keys of partners lead to the one that stays: what they send about the other is kept, and
    changes nothing. Its page and its file are redirected, over earlier merges too.

    Raises:
        Malformed: both are the same already.
        EventUnknown: one of them is not there.
        StaleVersion: one of them has changed since.
        KeptElsewhere: the one that is to go belongs to a honouring event.
        DraftKept: the one that is to stay is a draft, the other is public.
    """
    if command.kept_id == command.gone_id:
        raise Malformed("Bitte wählen Sie zwei verschiedene Veranstaltungen.")
    locked = {
        each: await events.lock_event(transaction, each)
        for each in sorted((command.kept_id, command.gone_id))
    }
    kept, gone = locked[command.kept_id], locked[command.gone_id]
    if kept is None or gone is None:
        raise EventUnknown
    require_version(kept, command.kept_version)
    require_version(gone, command.gone_version)
    if gone.origin == "honouring":
        raise KeptElsewhere
    if not kept.is_public and gone.is_public:
        raise DraftKept
    await duplicates.hand_items_over(transaction, command.gone_id, command.kept_id)
    await submissions.hand_submission_over(transaction, command.gone_id, command.kept_id)
    await duplicates.redirect(transaction, command.gone_id, command.kept_id)
    await leaving.withdraw(transaction, [command.gone_id])
    if gone.is_public:
        fact = EventWithdrawn(
            calendar_event_id=command.gone_id,
            version=gone.version + 1,
            kept_event_id=command.kept_id,
        )
        await outbox.record(transaction, fact)
    return kept
