"""Who sees an event, from when, and what the city knows about its place."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.release_due_events import release_due_events
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, Visibility
from services.events.store import calendar, events
from services.events.store.calendar import Asked
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, EVENT_ID, content, event
from tests.events.calendars import SITE, fed, in_days

NOW = datetime.now(UTC)
ASKED = Asked(since=NOW)


async def kept(transaction: Connection, **changes: Any) -> CalendarEvent:
    given = event(starts=in_days(5), ends=None, **changes)
    await keep_events(transaction, [given], SITE, NOW, Deed("draft_event", EDITOR))
    return given


async def where_it_is_seen(transaction: Connection) -> tuple[bool, bool, bool, bool]:
    """Tell whether it is seen in a list, in a feed, on its page and as a file."""
    listed = await calendar.dates(transaction, ASKED, 0, 10)
    in_feed = await fed(transaction)
    pages = await events.public_events(transaction, [EVENT_ID])
    file = await calendar.find_written(transaction, EVENT_ID)
    return bool(listed), bool(in_feed), bool(pages), file is not None


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        ("public", (True, True, True, True)),
        ("unlisted", (False, False, True, True)),
        ("committee", (False, False, False, False)),
    ],
)
async def test_an_event_is_seen_by_those_whom_it_is_for(
    transaction: Connection, visibility: Visibility, seen: tuple[bool, bool, bool, bool]
) -> None:
    await kept(transaction, visibility=visibility)

    assert await where_it_is_seen(transaction) == seen


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "refused", "scheduled"])
async def test_what_is_not_published_is_seen_nowhere(transaction: Connection, state: str) -> None:
    await kept(transaction, state=state, public_from=NOW + timedelta(hours=1))

    assert await where_it_is_seen(transaction) == (False, False, False, False)
    assert await release_due_events(transaction, 10, SITE, NOW) == 0


async def test_a_scheduled_event_is_published_at_its_hour(transaction: Connection) -> None:
    await kept(transaction, state="scheduled", public_from=NOW - timedelta(minutes=1))

    released = await release_due_events(transaction, 10, SITE, NOW)

    assert released == 1
    assert await where_it_is_seen(transaction) == (True, True, True, True)
    assert await release_due_events(transaction, 10, SITE, NOW) == 0
    [fact] = await transaction.fetch("select subject from outbox")
    assert fact["subject"] == "facts.events.event_published.v1"


async def test_an_event_at_a_known_place_has_its_name_and_address(transaction: Connection) -> None:
    place_id = await _place(transaction, name="Lichthof", address="Ring 19")
    command = DraftEvent(content(place_id=place_id, place_name="irgendwo"), EDITOR)

    draft = await draft_event(transaction, command, SITE, NOW)

    assert (draft.place_name, draft.place_address) == ("Lichthof", "Ring 19")
    assert (draft.latitude, draft.longitude) == (51.05, 13.74)


@pytest.mark.parametrize("field", ["place_id", "organiser_id"])
async def test_what_the_city_does_not_know_is_refused(transaction: Connection, field: str) -> None:
    command = DraftEvent(content(**{field: uuid4()}), EDITOR)

    with pytest.raises(Malformed) as refusal:
        await draft_event(transaction, command, SITE, NOW)

    assert refusal.value.field == field


async def test_an_audience_that_does_not_exist_is_refused(transaction: Connection) -> None:
    with pytest.raises(Malformed) as refusal:
        await draft_event(transaction, DraftEvent(content(audiences=["cats"]), EDITOR), SITE, NOW)

    assert refusal.value.field == "audiences"


async def test_every_version_stands_in_the_history_with_its_editor(transaction: Connection) -> None:
    first = await kept(transaction)
    second = msgspec.structs.replace(first, version=2, title="Anders")
    await keep_events(transaction, [second], SITE, NOW, Deed("change_event", "Jemand anderes"))

    rows = await transaction.fetch(
        "select version, deed, made_by, content from event_revision order by version"
    )

    assert [(row["version"], row["deed"], row["made_by"]) for row in rows] == [
        (1, "draft_event", EDITOR),
        (2, "change_event", "Jemand anderes"),
    ]
    assert [row["content"]["title"] for row in rows] == ["Sommerkonzert", "Anders"]


async def _place(transaction: Connection, *, name: str, address: str) -> UUID:
    made: UUID = await transaction.fetchval(
        """
        insert into place (version, name, address, latitude, longitude, access_note, changed_at)
        values (1, $1, $2, 51.05, 13.74, '', now())
        returning place_id
        """,
        name,
        address,
    )
    return made
