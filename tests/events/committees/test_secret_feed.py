"""What a member's secret link opens, and what everybody else gets."""

import pytest
from icalendar import Calendar

from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.committees.commands.revoke_member_link import (
    RevokeMemberLink,
    revoke_member_link,
)
from services.events.committees.http.secret import HERE
from services.events.committees.store.meetings import move_windows
from shared.database import Pool, transaction
from shared.web.entry import masked
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, in_days, publish
from tests.events.committees.groups import Group, a_group, meeting
from tests.visitor import Visitor


@pytest.fixture
async def group(pool: Pool) -> Group:
    return await a_group(pool)


async def test_the_feed_holds_the_committees_meetings_and_nothing_else(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    own = await meeting(pool, group, title="Sitzung im Lichthof", recurrence="FREQ=WEEKLY;COUNT=3")
    await meeting(pool, await a_group(pool))
    await publish(pool)

    answer = await visitor.get(f"{HERE}/{group.token}.ics")

    calendar = Calendar.from_ical(answer.content)
    assert [str(each["UID"]) for each in calendar.walk("VEVENT")] == [own.uid]
    assert calendar["X-WR-CALNAME"] == group.name
    assert not calendar.errors
    assert answer.headers["content-type"].startswith("text/calendar")


async def test_the_feed_is_kept_by_nobody_else(visitor: Visitor, pool: Pool, group: Group) -> None:
    await meeting(pool, group)

    for path in (f"{HERE}/{group.token}.ics", f"{HERE}/{group.token}"):
        answer = await visitor.get(path)

        assert answer.status_code == 200
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] in {"private, max-age=300", "no-store"}
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("sent", ["Bearer eyJhbGciOiJub25lIn0.e30.", "Basic Z2FzdDpnYXN0", "x"])
async def test_authorization_is_not_looked_at_and_head_is_answered(
    visitor: Visitor, pool: Pool, group: Group, sent: str
) -> None:
    """Source: Outlook sends a token of its own to every feed and gives up at a 401."""
    await meeting(pool, group)
    path = f"{HERE}/{group.token}.ics"

    whole = await visitor.get(path, headers={"authorization": sent})
    head = await visitor.client.head(path, headers={"authorization": sent})

    assert (whole.status_code, head.status_code) == (200, 200)
    assert head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]


async def test_a_feed_that_has_not_changed_is_not_sent_again(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    event = await meeting(pool, group)
    path = f"{HERE}/{group.token}.ics"
    first = await visitor.get(path)

    same = await visitor.get(path, headers={"if-none-match": first.headers["etag"]})
    async with transaction(pool) as opened:
        command = CancelEvent(event.calendar_event_id, event.version, EDITOR)
        await cancel_event(opened, command, SITE, event.changed_at)
    other = await visitor.get(path, headers={"if-none-match": first.headers["etag"]})
    head = await visitor.client.head(path)

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["cache-control"] == "private, max-age=300"
    assert other.status_code == 200
    assert b"STATUS:CANCELLED" in other.content
    assert (head.status_code, head.content) == (200, b"")


async def settle(pool: Pool, group: Group) -> None:
    """Let the last change of a committee's meetings be an hour ago."""
    await pool.execute(
        "update committee set feed_changed_at = feed_changed_at - interval '1 hour'"
        " where committee_id = $1",
        group.committee_id,
    )


async def test_the_date_of_the_last_change_is_told_when_it_has_passed(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    """Source: RFC 9110 8.8.2.2 and 13.1.3."""
    await meeting(pool, group)
    path = f"{HERE}/{group.token}.ics"

    at_once = await visitor.get(path)
    await settle(pool, group)
    later = await visitor.get(path)
    date = later.headers["last-modified"]
    same = await visitor.get(path, headers={"if-modified-since": date})
    head = await visitor.client.head(path)
    await meeting(pool, group)
    other = await visitor.get(path, headers={"if-modified-since": date})

    assert "last-modified" not in at_once.headers
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["last-modified"] == head.headers["last-modified"] == date
    assert other.status_code == 200


async def test_a_meeting_that_is_deleted_makes_a_new_revision(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    """A meeting that goes takes its own date of change with it."""
    event = await meeting(pool, group)
    path = f"{HERE}/{group.token}.ics"
    await settle(pool, group)
    first = await visitor.get(path)

    await pool.execute(
        "delete from calendar_event where calendar_event_id = $1", event.calendar_event_id
    )
    by_tag = await visitor.get(path, headers={"if-none-match": first.headers["etag"]})
    by_date = await visitor.get(path, headers={"if-modified-since": first.headers["last-modified"]})

    assert (by_tag.status_code, by_date.status_code) == (200, 200)
    assert Calendar.from_ical(by_tag.content).walk("VEVENT") == []


async def test_a_meeting_that_leaves_the_window_makes_a_new_revision(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    await meeting(pool, group, starts=in_days(-403), ends=in_days(-403))
    other = await a_group(pool)
    await meeting(pool, other)
    await pool.execute("update committee set feed_window_on = current_date - 5")
    paths = [f"{HERE}/{each.token}.ics" for each in (group, other)]
    before = [await visitor.get(path) for path in paths]

    async with transaction(pool) as opened:
        moved = await move_windows(opened)
    async with transaction(pool) as opened:
        moved_again = await move_windows(opened)
    after = [
        await visitor.get(path, headers={"if-none-match": was.headers["etag"]})
        for path, was in zip(paths, before, strict=True)
    ]

    assert (moved > 1, moved_again) == (True, 0)
    assert b"BEGIN:VEVENT" in before[0].content
    assert [answer.status_code for answer in after] == [200, 304]
    assert b"BEGIN:VEVENT" not in after[0].content


async def test_the_page_lists_the_dates_and_the_address_of_the_feed(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    await meeting(pool, group, title="Sitzung im Lichthof")

    shown = await visitor.get(f"{HERE}/{group.token}")

    assert "Sitzung im Lichthof" in shown.text
    assert f"{HERE}/{group.token}.ics" in shown.text
    assert "webcal://" in shown.text
    assert "grit@example.org" not in shown.text


async def test_an_empty_committee_has_a_feed_too(visitor: Visitor, group: Group) -> None:
    feed = await visitor.get(f"{HERE}/{group.token}.ics")
    shown = await visitor.get(f"{HERE}/{group.token}")

    assert Calendar.from_ical(feed.content).walk("VEVENT") == []
    assert "steht kein Termin bevor" in shown.text


async def test_unknown_and_revoked_links_look_the_same(
    visitor: Visitor, pool: Pool, group: Group
) -> None:
    async with transaction(pool) as opened:
        await revoke_member_link(opened, RevokeMemberLink(group.committee_id, group.member_id))

    answers = [
        await visitor.get(f"{HERE}/{secret}{suffix}", headers={"x-request-id": "r" * 16})
        for suffix in (".ics", "")
        for secret in (group.token, "x" * 22, "kurz", f"{group.token}.ics")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


async def test_guessing_is_slowed_down(visitor: Visitor) -> None:
    for number in range(25):
        answer = await visitor.get(
            f"{HERE}/{number:022}.ics", headers={"x-forwarded-for": "192.0.2.8"}
        )

    assert answer.status_code == 429


async def test_only_the_hash_of_a_secret_is_stored(pool: Pool, group: Group) -> None:
    rows = await pool.fetch("select committee_link::text as row from committee_link")

    assert rows
    assert not [row for row in rows if group.token in row["row"]]


def test_secrets_stand_in_no_log() -> None:
    secret = "Ab3-_" + "x" * 17

    assert secret not in masked(f"{HERE}/{secret}.ics")
    assert secret not in masked(f"{HERE}/{secret}")
    assert masked(f"{HERE}/{secret}.ics") == f"{HERE}/***.ics"
