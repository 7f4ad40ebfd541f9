"""`ehrensache partner` takes partners in, says what it did, and fails in words."""

import json
import stat
from collections.abc import AsyncIterator

import asyncpg
import pytest
from nats.errors import Error

from services.events.store.partners import find_partner
from shared.database import Connection
from tests.conftest import Database
from tests.deploy.operator import Operator
from tests.deploy.servers import Member


@pytest.fixture
async def events(database: Database) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(database.url("events"))
    yield connection
    await connection.close()


async def publish(operator: Operator, name: str) -> str:
    """Publish as this partner and return the stream that took it."""
    url = operator.variables["EHRENSACHE_NATS_URL"]
    member = await Member().connect(url, operator.file(name).read_text(), allow_reconnect=False)
    try:
        return (await member.jetstream.publish("publish.event", b"")).stream
    finally:
        await member.client.close()


async def test_an_added_partner_may_publish_and_the_calendar_knows_it(
    operator: Operator, events: Connection
) -> None:
    result = await operator.add("opera", "--title", "Oper am Fluss")

    told = json.loads(result.stdout)
    known = await find_partner(events, "opera")
    assert result.exit_code == 0
    assert await publish(operator, "opera") == "PARTNER_OPERA"
    assert known is not None
    assert (known.title, known.account_key) == ("Oper am Fluss", told["account_key"])
    assert stat.S_IMODE(operator.file("opera").stat().st_mode) == 0o600
    assert told["credentials"] == str(operator.file("opera"))


async def test_a_person_is_told_what_to_do_next(operator: Operator) -> None:
    result = await operator.run("add", "circus", "--out", str(operator.file("circus")))

    assert "Hand this file over" in result.stderr
    assert f"examples/partner/publish.py {operator.file('circus')}" in result.stderr
    assert result.stdout.strip() == str(operator.file("circus"))


async def test_a_partner_is_not_added_twice(operator: Operator) -> None:
    await operator.add("zoo")
    before = operator.file("zoo").read_text()

    over_the_file = await operator.add("zoo")
    elsewhere = await operator.run("add", "zoo", "--out", str(operator.folder / "second"))

    assert over_the_file.exit_code == 2
    assert "exists already; name another file" in over_the_file.stderr
    assert elsewhere.exit_code == 1
    assert "`rotate` gives it new credentials" in elsewhere.stderr
    assert operator.file("zoo").read_text() == before


async def test_a_partner_that_the_calendar_has_lost_is_made_known_again(
    operator: Operator, events: Connection
) -> None:
    await operator.add("library")
    await events.execute("delete from partner where name = 'library'")

    result = await operator.run("add", "library", "--out", str(operator.folder / "second"))

    assert result.exit_code == 1
    assert await find_partner(events, "library") is not None


async def test_nothing_is_registered_if_the_bus_is_away(
    operator: Operator, events: Connection
) -> None:
    result = await operator.run("add", "museum", EHRENSACHE_NATS_URL="nats://127.0.0.1:9")

    assert result.exit_code == 4
    assert "The system is not reached" in result.stderr
    assert await find_partner(events, "museum") is None
    assert "museum" not in await operator.listed()


async def test_a_suspended_partner_is_shut_out_until_it_is_resumed(operator: Operator) -> None:
    await operator.add("choir")

    await operator.run("suspend", "choir")
    assert (await operator.listed())["choir"]["is_suspended"]
    with pytest.raises(Error):
        await publish(operator, "choir")

    await operator.run("resume", "choir")
    assert not (await operator.listed())["choir"]["is_suspended"]
    assert await publish(operator, "choir") == "PARTNER_CHOIR"


async def test_rotated_credentials_replace_the_old_ones(operator: Operator) -> None:
    await operator.add("band")
    new = operator.folder / "band-new.creds"

    result = await operator.run("rotate", "band", "--out", str(new))

    with pytest.raises(Error):
        await publish(operator, "band")
    assert result.exit_code == 0
    assert await publish(operator, "band-new") == "PARTNER_BAND"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "Ärger"), "cannot name a partner"),
        (("suspend", "nobody"), "There is no partner nobody"),
        (("rotate", "nobody"), "There is no partner nobody"),
    ],
)
async def test_a_mistake_is_answered_with_a_sentence(
    operator: Operator, arguments: tuple[str, ...], sentence: str
) -> None:
    result = await operator.run(*arguments)

    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


async def test_without_a_running_system_it_says_how_to_start_one(operator: Operator) -> None:
    nothing = {name: "" for name in operator.variables if name != "EHRENSACHE_LOCAL"}

    result = await operator.run("list", **nothing)

    assert result.exit_code == 4
    assert "Start it with `make up`" in result.stderr
