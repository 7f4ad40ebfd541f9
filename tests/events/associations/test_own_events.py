"""What an association can do with its events, and what it cannot."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.events.associations.commands.ask_for_cancellation import (
    AskForCancellation,
    ask_for_cancellation,
)
from services.events.associations.commands.change_own_event import ChangeOwnEvent, change_own_event
from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.commands.submit_event import (
    AlreadySubmitted,
    SubmitEvent,
    submit_event,
)
from services.events.associations.model import (
    MOST_OPEN,
    MOST_SAVED_A_DAY,
    Association,
    NotChangeable,
    NothingToCancel,
    NotYours,
    TooManyOpen,
    TooManyToday,
    require_room,
)
from services.events.associations.store import submissions
from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.model import CalendarEvent, StaleVersion, content_of
from shared.contracts.events import EventSubmitted
from shared.database import Connection
from shared.errors import Malformed
from tests.events.associations.clubs import admitted
from tests.events.builders import EDITOR, content
from tests.events.calendars import SITE, in_days

NOW = datetime.now(UTC)


@pytest.fixture
async def club(transaction: Connection) -> Association:
    return (await admitted(transaction)).association


async def drafted(transaction: Connection, club: Association, **changes: Any) -> CalendarEvent:
    starts = changes.pop("starts", in_days(9))
    given = content(starts=starts, ends=starts + timedelta(hours=2), **changes)
    return await draft_own_event(transaction, DraftOwnEvent(club, given), SITE, NOW)


async def submitted(transaction: Connection, club: Association) -> CalendarEvent:
    draft = await drafted(transaction, club)
    command = SubmitEvent(club, draft.calendar_event_id, draft.version)
    return await submit_event(transaction, command, SITE, NOW)


async def published(transaction: Connection, club: Association, **changes: Any) -> CalendarEvent:
    draft = await drafted(transaction, club, **changes)
    command = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    return await publish_event(transaction, command, SITE, NOW)


async def test_an_association_is_the_organiser_whatever_it_says(
    transaction: Connection, club: Association
) -> None:
    draft = await drafted(transaction, club, organiser="Die Oper")

    assert (draft.organiser, draft.organiser_id) == (club.name, club.organiser_id)
    assert (draft.state, draft.visibility, draft.submitted_by) == ("draft", "public", club.name)


async def test_a_submitted_event_waits_and_nobody_outside_sees_it(
    transaction: Connection, club: Association
) -> None:
    event = await submitted(transaction, club)

    assert (event.state, event.submitted_at) == ("submitted", NOW)
    assert await transaction.fetchval("select array_agg(subject) from outbox") == [
        EventSubmitted.subject
    ]
    assert await transaction.fetchval("select count(*) from occurrence") == 0


async def test_what_was_submitted_is_not_submitted_again(
    transaction: Connection, club: Association
) -> None:
    event = await submitted(transaction, club)

    with pytest.raises(AlreadySubmitted):
        await submit_event(
            transaction, SubmitEvent(club, event.calendar_event_id, event.version), SITE, NOW
        )


async def test_a_returned_event_is_bettered_and_submitted_again(
    transaction: Connection, club: Association
) -> None:
    event = await submitted(transaction, club)
    event_id = event.calendar_event_id
    returned = await return_event(
        transaction, ReturnEvent(event_id, event.version, "Wo ist der Eingang?", EDITOR), SITE, NOW
    )
    better = msgspec.structs.replace(content_of(returned), description="Eingang im Hof.")

    changed = await change_own_event(
        transaction, ChangeOwnEvent(club, event_id, returned.version, better), SITE, NOW
    )
    again = await submit_event(
        transaction, SubmitEvent(club, event_id, changed.version), SITE, NOW + timedelta(days=3)
    )

    assert changed.state == "returned"
    assert (again.state, again.review_note) == ("submitted", "")
    assert again.submitted_at == NOW + timedelta(days=3)
    assert again.description == "Eingang im Hof."


async def test_a_change_of_what_waits_makes_the_editors_look_again(
    transaction: Connection, club: Association
) -> None:
    event = await submitted(transaction, club)
    event_id = event.calendar_event_id
    other = msgspec.structs.replace(content_of(event), title="Etwas ganz anderes")
    await change_own_event(
        transaction, ChangeOwnEvent(club, event_id, event.version, other), SITE, NOW
    )

    with pytest.raises(StaleVersion):
        await publish_event(transaction, PublishEvent(event_id, event.version, EDITOR), SITE, NOW)


async def test_what_was_decided_on_is_changed_by_editors_only(
    transaction: Connection, club: Association
) -> None:
    event = await published(transaction, club)
    other = msgspec.structs.replace(content_of(event), title="Anders")
    command = ChangeOwnEvent(club, event.calendar_event_id, event.version, other)

    with pytest.raises(NotChangeable):
        await change_own_event(transaction, command, SITE, NOW)


async def test_another_associations_event_does_not_exist(
    transaction: Connection, club: Association
) -> None:
    theirs = await submitted(transaction, club)
    event_id, stranger = theirs.calendar_event_id, (await admitted(transaction)).association
    change = ChangeOwnEvent(stranger, event_id, theirs.version, content_of(theirs))

    with pytest.raises(NotYours):
        await change_own_event(transaction, change, SITE, NOW)
    with pytest.raises(NotYours):
        await submit_event(transaction, SubmitEvent(stranger, event_id, 2), SITE, NOW)
    with pytest.raises(NotYours):
        await ask_for_cancellation(transaction, AskForCancellation(stranger, event_id, "x"), NOW)
    assert await submissions.find_own(transaction, stranger.organiser_id, event_id) is None
    assert await submissions.own_events(transaction, stranger.organiser_id, 10) == []


async def test_who_saw_an_older_version_changes_nothing(
    transaction: Connection, club: Association
) -> None:
    draft = await drafted(transaction, club)
    event_id = draft.calendar_event_id

    with pytest.raises(StaleVersion):
        await submit_event(transaction, SubmitEvent(club, event_id, 7), SITE, NOW)
    with pytest.raises(StaleVersion):
        await change_own_event(
            transaction, ChangeOwnEvent(club, event_id, 7, content_of(draft)), SITE, NOW
        )


async def test_a_category_that_does_not_exist_is_refused(
    transaction: Connection, club: Association
) -> None:
    draft = await drafted(transaction, club)
    wrong = msgspec.structs.replace(content_of(draft), categories=["cats"])

    with pytest.raises(Malformed):
        await drafted(transaction, club, categories=["cats"])
    with pytest.raises(Malformed):
        await change_own_event(
            transaction, ChangeOwnEvent(club, draft.calendar_event_id, 1, wrong), SITE, NOW
        )


async def test_a_published_event_is_called_off_by_an_editor_who_was_asked(
    transaction: Connection, club: Association
) -> None:
    event = await published(transaction, club)
    command = AskForCancellation(club, event.calendar_event_id, "Der Saal ist gesperrt.")

    await ask_for_cancellation(transaction, command, NOW)
    [asked] = await submissions.asked_cancellations(transaction)
    own = await submissions.find_own(transaction, club.organiser_id, event.calendar_event_id)
    await cancel_event(
        transaction, CancelEvent(event.calendar_event_id, event.version, EDITOR), SITE, NOW
    )

    assert (asked.name, asked.reason) == (club.name, "Der Saal ist gesperrt.")
    assert own is not None
    assert own.event.state == "published"
    assert await submissions.asked_cancellations(transaction) == []


@pytest.mark.parametrize("starts", [in_days(-9), None])
async def test_what_is_over_or_not_public_need_not_be_called_off(
    transaction: Connection, club: Association, starts: datetime | None
) -> None:
    if starts is None:
        event = await submitted(transaction, club)
    else:
        event = await published(transaction, club, starts=starts)
    command = AskForCancellation(club, event.calendar_event_id, "Krank")

    with pytest.raises(NothingToCancel):
        await ask_for_cancellation(transaction, command, NOW)


async def test_nobody_fills_the_inbox(transaction: Connection, club: Association) -> None:
    await drafted(transaction, club)
    event_id = (await submitted(transaction, club)).calendar_event_id
    await transaction.execute(
        """
        insert into event_revision (
            calendar_event_id, version, state, content, deed, made_by, made_at
        )
        select $1, 100 + n, 'submitted', '{}', 'change_own_event', 'Chor', now()
        from generate_series(1, $2::integer) as n
        """,
        event_id,
        MOST_SAVED_A_DAY,
    )

    with pytest.raises(TooManyToday):
        await drafted(transaction, club)
    assert await submissions.count_open(transaction, club.organiser_id) == 2


def test_so_many_may_wait_and_no_more() -> None:
    require_room(MOST_OPEN - 1, 0)

    with pytest.raises(TooManyOpen):
        require_room(MOST_OPEN, 0)


async def test_an_organiser_that_is_there_already_is_not_added_twice(
    transaction: Connection,
) -> None:
    name = f"Verein {uuid4()}"
    await admitted(transaction, name)

    with pytest.raises(Malformed) as refusal:
        await admitted(transaction, name.upper())

    assert refusal.value.field == "name"
