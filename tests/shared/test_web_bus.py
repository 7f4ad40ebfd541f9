"""An api starts without NATS, finds it when it comes, and asks others over it."""

from uuid import uuid4

import msgspec
import pytest
from nats.aio.msg import Msg

from shared.asks import AskFailed
from shared.contracts.registry import People
from shared.web.app import create_app
from tests.conftest import Bus, Database
from tests.shared.web_app import ROUTES, settings_for
from tests.visitor import visiting
from tests.waiting import until


async def answer_nobody(message: Msg) -> None:
    await message.respond(b'{"rows": []}')


async def test_an_api_finds_nats_by_itself_and_asks_over_it(database: Database, nats: Bus) -> None:
    settings = msgspec.structs.replace(
        settings_for(database),
        nats_url=nats.server.url,
        nats_credentials=nats.credentials("recognition"),
    )
    app = create_app(service="recognition", settings=settings, routes=ROUTES, pages=())
    async with visiting(app) as visitor, nats.client("registry") as registry:
        await until(lambda: app.state.bus.is_connected)
        await registry.subscribe("ask.registry.people.v1", cb=answer_nobody)
        await registry.flush()
        people = await app.state.bus.asks(People, [uuid4()])
        ready = await visitor.get("/readyz")

        assert ready.json() == {"database": True, "nats": True}
        assert people == []


async def test_pages_are_served_while_nats_is_away_and_asks_say_so(database: Database) -> None:
    app = create_app(
        service="recognition", settings=settings_for(database), routes=ROUTES, pages=()
    )
    async with visiting(app) as visitor:
        answer = await visitor.get("/offen")

        assert answer.status_code == 200
        with pytest.raises(AskFailed):
            await app.state.bus.asks(People, [uuid4()])


async def test_an_api_that_is_told_wrong_credentials_serves_its_pages(
    database: Database, nats: Bus
) -> None:
    settings = msgspec.structs.replace(settings_for(database), nats_url=nats.server.url)
    app = create_app(service="recognition", settings=settings, routes=ROUTES, pages=())
    async with visiting(app) as visitor:
        answer = await visitor.get("/offen")

        assert answer.status_code == 200
        assert not app.state.bus.is_connected
