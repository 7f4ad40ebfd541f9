"""`ehrensache partner remove` and `status` say how things stand before anything is lost."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from nats.errors import Error

from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival
from services.events.ingest.reading import read
from services.events.store.partners import find_partner
from shared.database import Connection, prepare
from tests.conftest import Database
from tests.deploy.operator import Operator
from tests.deploy.servers import Member
from tests.events.builders import incoming, plain
from tests.events.calendars import SITE


@pytest.fixture
async def events(database: Database) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(database.url("events"))
    await prepare(connection)
    yield connection
    await connection.close()


async def fill(events: Connection, name: str) -> None:
    """Let a partner have one event to come, one past, and one item in quarantine."""
    partner = await find_partner(events, name)
    assert partner is not None
    ahead = datetime.now(UTC) + timedelta(days=9)
    items = [
        plain(id="next", title=f"Bald {name}", starts=f"{ahead:%Y-%m-%dT19:30}"),
        plain(id="past", starts="2020-01-01T10:00"),
        plain(id="bad", starts="gestern"),
    ]
    message = incoming(items)
    arrival = Arrival(
        stream_sequence=1,
        message_id="m",
        content_type="application/json",
        body=message.body,
        outcomes=read(message),
    )
    async with events.transaction():
        await take_partner_items(events, TakePartnerItems(partner, [arrival]), SITE, ahead)


async def hold_back_the_past_one(events: Connection, name: str) -> None:
    """Let the event that is past wait for its review, as if it had been held from the start."""
    await events.execute(
        """
        update calendar_event set state = 'submitted' where starts < '2021-01-01' and origin_id in (
            select partner_item_id from partner_item
            inner join partner using (partner_id) where name = $1
        )
        """,
        name,
    )


async def published(operator: Operator, name: str) -> None:
    url = operator.variables["EHRENSACHE_NATS_URL"]
    member = await Member().connect(url, operator.file(name).read_text(), allow_reconnect=False)
    await member.jetstream.publish("publish.event", b"{}")
    await member.client.close()


async def test_without_a_word_about_its_events_nothing_is_removed(
    operator: Operator, events: Connection
) -> None:
    await operator.add("ballroom")
    await fill(events, "ballroom")
    await hold_back_the_past_one(events, "ballroom")
    await published(operator, "ballroom")

    asked = await operator.run("remove", "ballroom", "--json")
    hasty = await operator.run("remove", "ballroom", "--yes")

    told = json.loads(asked.stdout)
    left = told["left"]
    assert (told["is_done"], told["waiting"]) == (False, 1)
    assert (left["upcoming"], left["past"], left["hidden"], left["quarantined"]) == (1, 0, 1, 1)
    assert (asked.exit_code, hasty.exit_code) == (0, 2)
    assert await find_partner(events, "ballroom") is not None
    await published(operator, "ballroom")


async def test_the_events_of_a_removed_partner_stay_if_they_are_to(
    operator: Operator, events: Connection
) -> None:
    await operator.add("circus-school")
    await fill(events, "circus-school")

    result = await operator.run("remove", "circus-school", "--events", "keep", "--yes")

    origin = await events.fetchval(
        "select origin from calendar_event where title = 'Bald circus-school'"
    )
    assert result.exit_code == 0
    assert "stay, as the editors' own" in result.stdout
    assert origin == "editor"
    assert await find_partner(events, "circus-school") is None
    assert "circus-school" not in await operator.listed()
    with pytest.raises(Error):
        await published(operator, "circus-school")


async def test_the_events_of_a_removed_partner_go_if_they_are_to(
    operator: Operator, events: Connection
) -> None:
    await operator.add("fun-fair")
    await fill(events, "fun-fair")
    before = await events.fetchval("select revision from feed where slug = 'alle'")

    await operator.run("remove", "fun-fair", "--events", "delete", "--yes")

    left = await events.fetchval(
        "select count(*) from calendar_event where title = 'Bald fun-fair'"
    )
    after = await events.fetchval("select revision from feed where slug = 'alle'")
    told = await events.fetchval(
        "select count(*) from outbox where subject = 'facts.events.event_withdrawn.v1'"
    )
    assert left == 0
    assert after > before
    assert told == 2


async def test_a_partner_that_was_removed_halfway_is_removed_again(
    operator: Operator, events: Connection
) -> None:
    await operator.add("attic-stage")
    await events.execute("delete from partner where name = 'attic-stage'")

    result = await operator.run("remove", "attic-stage", "--events", "keep", "--yes")

    assert result.exit_code == 0
    assert "attic-stage" not in await operator.listed()


async def test_status_shows_rate_backlog_and_reasons(
    operator: Operator, events: Connection
) -> None:
    await operator.add("free-radio")
    await fill(events, "free-radio")
    await published(operator, "free-radio")
    await operator.run("rotate", "free-radio", "--grace", "2h", "--out", str(operator.file("new")))

    told = json.loads((await operator.run("status", "free-radio", "--json")).stdout)
    shown = await operator.run("status", "free-radio")

    [radio] = told
    assert (radio["stored"], radio["backlog"]) == (1, 1)
    assert radio["rate"]["last_hour"] == 3
    assert {"outcome": "quarantined", "reason": "date_malformed", "count": 1} in radio["reasons"]
    assert radio["old_credentials_until"] is not None
    assert "old credentials count until" in shown.stdout
    assert "1 quarantined date_malformed" in shown.stdout


async def test_a_partner_that_nobody_reads_is_an_error_of_status(
    operator: Operator, events: Connection
) -> None:
    await operator.add("lost-choir")
    await events.execute("delete from partner where name = 'lost-choir'")

    lost = await operator.run("status", "lost-choir")
    nobody = await operator.run("status", "nobody")

    assert (lost.exit_code, nobody.exit_code) == (1, 1)
    assert "unknown to the calendar" in " ".join(lost.stdout.split())
    assert "There is no partner nobody" in nobody.stderr


async def test_the_calendar_knows_who_is_shut_out(operator: Operator, events: Connection) -> None:
    await operator.add("mute-band")
    since = "select suspended_at is not null from partner where name = 'mute-band'"

    suspended = await operator.run("suspend", "mute-band", "--json")
    while_out = await events.fetchval(since)
    await operator.run("resume", "mute-band")

    assert json.loads(suspended.stdout)["is_suspended"] is True
    assert (while_out, await events.fetchval(since)) == (True, False)


@pytest.mark.parametrize("grace", ["soon", "-1h", "1.5h"])
async def test_a_grace_that_is_no_time_is_wrong_usage(operator: Operator, grace: str) -> None:
    result = await operator.run("rotate", "nobody", f"--grace={grace}")

    assert result.exit_code == 2
    assert "write 90s, 30m, 24h or 7d" in " ".join(result.stderr.split())


async def test_a_calendar_is_fetched_shown_and_no_longer_fetched(
    operator: Operator, events: Connection
) -> None:
    await operator.add("museum-hill")

    missing = await operator.run("pull", "museum-hill")
    wrong = await operator.run("pull", "museum-hill", "ftp://example.org/")
    set_up = await operator.run("pull", "museum-hill", "https://example.org/a.ics", "--every", "30")
    await events.execute("update partner_pull set failures = 3, outcome = 'not_reached'")
    failing = await operator.run("pull", "museum-hill", "--json")
    status = await operator.run("status", "museum-hill")
    await operator.run("pull", "museum-hill", "--stop")

    assert "No calendar is fetched" in missing.stderr
    assert (missing.exit_code, wrong.exit_code, set_up.exit_code) == (0, 1, 0)
    assert "https://example.org/a.ics every 30 minutes" in set_up.stdout
    assert "not_reached, failed 3 times in a row" in " ".join(status.stdout.split())
    assert (failing.exit_code, json.loads(failing.stdout)["outcome"]) == (1, "not_reached")
    assert await events.fetchval("select count(*) from partner_pull") == 0


async def test_a_replay_is_asked_for(operator: Operator, events: Connection) -> None:
    await operator.add("town-archive")
    await fill(events, "town-archive")

    result = await operator.run("replay", "town-archive", "--json")
    nobody = await operator.run("replay", "nobody")

    asked = await events.fetchval(
        "select replay_asked_at is not null from partner where name = 'town-archive'"
    )
    assert json.loads(result.stdout) == {"name": "town-archive", "messages": 1}
    assert (asked, nobody.exit_code) == (True, 1)
