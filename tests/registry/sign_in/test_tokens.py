"""Another service has a token renewed over NATS, for whoever holds the session's cookie."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from services.registry.answers import token_answers
from services.registry.sign_in import store
from services.registry.sign_in.model import ABSOLUTE, Session, browser_name
from services.registry.sign_in.settings import SignInSettings
from services.registry.sign_in.work import forget_sign_ins
from shared.answering import answer_asks
from shared.auth import TOKEN_LIFETIME, Role
from shared.broker import closing, create_broker
from shared.database import Pool, transaction
from shared.web import cookies
from shared.web.app import create_app
from shared.web.sessions import session_key
from tests.conftest import Bus, Database
from tests.registry.conftest import settings_for
from tests.shared.web_app import ROUTES
from tests.shared.web_app import settings_for as other_settings
from tests.visitor import Visitor, visiting
from tests.waiting import until


async def opened_session(pool: Pool, reference: str) -> Session:
    async with transaction(pool) as opened:
        return await store.open_session(
            opened,
            session_key(reference),
            ("https://anmeldung.example.de#u-17", "Jonas Rehfeld"),
            ["clerk"],
            "Firefox auf Linux",
        )


@pytest.fixture
async def elsewhere(database: Database, nats: Bus, pool: Pool) -> AsyncIterator[Visitor]:
    """A browser at recognition, while registry answers asks over NATS."""
    where = {"nats_url": nats.server.url}
    settings: SignInSettings = msgspec.structs.replace(
        settings_for(database), nats_credentials=nats.credentials("registry"), **where
    )
    broker = create_broker("registry", "worker", settings)
    answer_asks(broker, "registry", token_answers(settings, pool))
    await broker.start()
    app = create_app(
        service="recognition",
        settings=other_settings(
            database,
            database_url=database.url("recognition"),
            nats_credentials=nats.credentials("recognition"),
            **where,
        ),
        routes=ROUTES,
        pages=(),
    )
    async with visiting(app) as visitor:
        await until(lambda: app.state.bus.is_connected)
        yield visitor
    closing.by_ourselves = True
    await broker.stop()


async def test_a_form_at_another_service_is_taken_though_the_token_has_run_out(
    elsewhere: Visitor, pool: Pool
) -> None:
    await opened_session(pool, "held-by-this-browser")
    elsewhere.hold(cookies.SESSION, "held-by-this-browser")

    answer = await elsewhere.post("/konsole/notizen", {"text": "lang getippt"})

    assert answer.json() == {"text": "lang getippt"}
    assert cookies.STAFF in elsewhere.client.cookies
    assert (await elsewhere.get("/offen")).json()["member"] == "Jonas Rehfeld"


async def test_the_id_of_a_session_is_not_enough_to_ask_for_its_token(
    elsewhere: Visitor, pool: Pool
) -> None:
    session = await opened_session(pool, "held-by-another-browser")
    for guess in (str(session.session_id), session.session_id.hex, "guess"):
        elsewhere.hold(cookies.SESSION, guess)

        assert (await elsewhere.get("/konsole")).status_code == 303


async def test_a_token_does_not_outlive_its_session(pool: Pool) -> None:
    session = await opened_session(pool, "late")
    late = session.started_at + ABSOLUTE - timedelta(minutes=4)

    assert session.member(late).expires_at == session.started_at + ABSOLUTE
    assert session.member(session.started_at).expires_at == session.started_at + TOKEN_LIFETIME
    assert session.member(late).roles == {Role.CLERK}


async def test_what_is_over_is_forgotten(pool: Pool) -> None:
    await opened_session(pool, "long-ago")
    await pool.execute("delete from sign_in_attempt")
    await pool.execute(
        "update staff_session set started_at = now() - interval '31 days' where session_key = $1",
        session_key("long-ago"),
    )

    assert await forget_sign_ins(pool) == 1
    assert await forget_sign_ins(pool) == 0


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox auf Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge auf Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            "Safari auf iPhone",
        ),
        ("curl/8", "Browser"),
        ("", "Browser"),
    ],
)
def test_a_browser_is_named_as_its_person_knows_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name
