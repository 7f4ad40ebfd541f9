"""What becomes of associations' links and events when editors tidy the list of organisers."""

from datetime import UTC, datetime, timedelta

import pytest

from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.commands.revoke_link import RevokeLink, revoke_link
from services.events.associations.store import links, submissions
from services.events.commands.delete_organiser import DeleteOrganiser, delete_organiser
from services.events.commands.merge_events import MergeEvents, merge_events
from services.events.commands.merge_organisers import MergeOrganisers, merge_organisers
from services.events.model import CalendarEvent
from services.events.place import EntryInUse
from shared.database import Connection
from shared.web.tokens import hash_token
from tests.events.associations.clubs import Club, admitted
from tests.events.builders import EDITOR, content
from tests.events.calendars import SITE, in_days

NOW = datetime.now(UTC)


async def drafted(transaction: Connection, club: Club) -> CalendarEvent:
    given = content(starts=in_days(9), ends=in_days(9) + timedelta(hours=2))
    command = DraftOwnEvent(club.association, given)
    return await draft_own_event(transaction, command, SITE, NOW)


async def holder(transaction: Connection, club: Club) -> str | None:
    found = await links.find_by_link(transaction, hash_token(club.token))
    return found.name if found else None


async def test_the_organiser_that_stays_has_the_events_of_the_other(
    transaction: Connection,
) -> None:
    gone, kept = await admitted(transaction), await admitted(transaction)
    event = await drafted(transaction, gone)
    into = kept.association.organiser_id

    await merge_organisers(
        transaction, MergeOrganisers(gone.association.organiser_id, into, EDITOR)
    )

    [own] = await submissions.own_events(transaction, into, 10)
    assert own.event.calendar_event_id == event.calendar_event_id
    assert await holder(transaction, kept) == kept.association.name
    assert await holder(transaction, gone) is None


async def test_a_link_goes_on_where_the_organiser_that_stays_has_none(
    transaction: Connection,
) -> None:
    gone, kept = await admitted(transaction), await admitted(transaction)
    into = kept.association.organiser_id
    await revoke_link(transaction, RevokeLink(into))
    await links.save_contact(transaction, gone.association.organiser_id, "chor@example.org")

    await merge_organisers(
        transaction, MergeOrganisers(gone.association.organiser_id, into, EDITOR)
    )

    [left] = await links.linked(transaction)
    assert await holder(transaction, gone) == kept.association.name
    assert left.contact_email == "chor@example.org"


async def test_an_organiser_is_not_deleted_as_long_as_it_has_written_events(
    transaction: Connection,
) -> None:
    club = await admitted(transaction)
    await drafted(transaction, club)
    # An editor may have named somebody else since.
    await transaction.execute("update calendar_event set organiser_id = null")

    with pytest.raises(EntryInUse):
        await delete_organiser(transaction, DeleteOrganiser(club.association.organiser_id))


async def test_an_organiser_without_events_is_deleted_with_its_link(
    transaction: Connection,
) -> None:
    club = await admitted(transaction)

    await delete_organiser(transaction, DeleteOrganiser(club.association.organiser_id))

    assert await holder(transaction, club) is None


async def test_an_association_finds_the_event_that_stays(transaction: Connection) -> None:
    club = await admitted(transaction)
    gone, kept = await drafted(transaction, club), await drafted(transaction, club)
    await transaction.execute(
        "delete from submission where calendar_event_id = $1", kept.calendar_event_id
    )

    await merge_events(
        transaction,
        MergeEvents(
            kept_id=kept.calendar_event_id,
            kept_version=kept.version,
            gone_id=gone.calendar_event_id,
            gone_version=gone.version,
        ),
    )

    [own] = await submissions.own_events(transaction, club.association.organiser_id, 10)
    assert own.event.calendar_event_id == kept.calendar_event_id
