"""An event is found by everybody, or only by those who have its address."""

from typing import Any, Literal

import msgspec
import pytest

from services.events.commands.show_event_to import SeenByMembersOnly, ShowEventTo, show_event_to
from services.events.model import CalendarEvent, KeptElsewhere, StaleVersion
from shared.database import Connection
from shared.errors import Refused
from tests.events.builders import EDITOR
from tests.events.calendars import SITE
from tests.events.commands.test_editing import LATER, facts, feed_text, published
from tests.events.committees.groups import founded, planned


async def show(
    transaction: Connection, event: CalendarEvent, visibility: Literal["public", "unlisted"]
) -> CalendarEvent:
    command = ShowEventTo(event.calendar_event_id, event.version, visibility, EDITOR)
    return await show_event_to(transaction, command, SITE, LATER)


async def test_what_is_unlisted_leaves_the_feeds_and_comes_back(transaction: Connection) -> None:
    event = await published(transaction)

    hidden = await show(transaction, event, "unlisted")
    without = await feed_text(transaction)
    back = await show(transaction, hidden, "public")

    assert (hidden.visibility, hidden.state) == ("unlisted", "published")
    assert without == ""
    assert event.uid in await feed_text(transaction)
    assert back.sequence == event.sequence + 2
    assert [name for name, _ in await facts(transaction)][1:] == ["event_changed"] * 2


async def test_the_same_again_changes_nothing(transaction: Connection) -> None:
    event = await published(transaction)

    assert await show(transaction, event, "public") == event


async def test_a_meeting_stays_with_its_committee(transaction: Connection) -> None:
    meeting = await planned(transaction, await founded(transaction))

    with pytest.raises(SeenByMembersOnly):
        await show(transaction, meeting, "public")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"origin": "honouring"}, KeptElsewhere), ({"version": 9}, StaleVersion)],
)
async def test_what_is_kept_elsewhere_or_was_changed_is_refused(
    transaction: Connection, changes: dict[str, Any], refusal: type[Refused]
) -> None:
    event = await published(transaction)
    if "origin" in changes:
        await transaction.execute(
            "update calendar_event set origin = 'honouring', origin_id = calendar_event_id"
        )

    with pytest.raises(refusal):
        await show(transaction, msgspec.structs.replace(event, **changes), "unlisted")
