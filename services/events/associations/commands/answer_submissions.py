"""Give the notifier what it writes to associations with, each with a fresh link."""

from uuid import UUID

import msgspec

from services.events.associations.model import mint_token
from services.events.associations.store import mails
from services.events.associations.store.mails import Addressee, Secret
from services.events.model import CalendarEvent
from services.events.store import events
from shared.contracts.events_reads import SubmissionDetails
from shared.database import Connection
from shared.web.tokens import hash_token


class AnswerSubmissions(msgspec.Struct, frozen=True, kw_only=True):
    """About which events."""

    calendar_event_ids: tuple[UUID, ...]


async def answer_submissions(
    transaction: Connection, command: AnswerSubmissions
) -> list[SubmissionDetails]:
    """Make a link for each association's event and return them with all details.

    Links that the association had before keep working. Who holds none, because editors have called
    it back, gets none by mail either. Events that no association has written are left out.
    """
    known = await mails.addressees(transaction, command.calendar_event_ids)
    found = await events.read_events(transaction, list(known))
    told = [_details(event, known[event.calendar_event_id]) for event in found]
    secrets = [
        Secret(link_id, hash_token(one.link_token))
        for one in told
        if (link_id := known[one.calendar_event_id].organiser_link_id) is not None
    ]
    await mails.keep_links(transaction, secrets)
    return told


def _details(event: CalendarEvent, association: Addressee) -> SubmissionDetails:
    return SubmissionDetails(
        calendar_event_id=event.calendar_event_id,
        version=event.version,
        state=event.state,
        title=event.title,
        starts_at=event.starts_at,
        all_day=event.all_day,
        zone=event.zone,
        place=", ".join(filter(None, [event.place_name, event.place_address])),
        association=association.name,
        email=association.email,
        note=event.review_note,
        link_token=mint_token() if association.organiser_link_id else "",
    )
