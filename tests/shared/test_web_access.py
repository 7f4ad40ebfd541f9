"""Every route says who may use it, and nobody else gets in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from litestar import get

from shared.asks import AskFailed
from shared.auth import Role, TokenSigner
from shared.contracts.registry import StaffSessionEnded
from shared.database import transaction
from shared.ended_sessions import keep_ended_sessions
from shared.web import cookies
from shared.web.access import AccessMissing, Kind, role_matrix
from shared.web.app import create_app
from shared.web.sessions import session_key
from tests.conftest import Database
from tests.shared.web_app import app_for, settings_for
from tests.visitor import PUBLIC_URL, STAFF_KEY, Visitor, staff_member, visiting


@pytest.fixture
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    """A browser that has not been here before."""
    async with visiting(app_for(database)) as opened:
        yield opened


def test_an_app_with_a_route_that_names_no_visitors_does_not_start(database: Database) -> None:
    @get("/vergessen")
    async def get_forgotten() -> None:
        """Say nothing about access."""

    with pytest.raises(AccessMissing, match="GET /vergessen"):
        create_app(
            service="registry",
            settings=settings_for(database),
            routes=[get_forgotten],
            pages=Path(__file__).parent,
        )


async def test_each_role_enters_exactly_the_routes_of_the_matrix(database: Database) -> None:
    app = app_for(database)
    lines = [
        line
        for line in role_matrix(app)
        if line.method == "GET" and line.access.kind is Kind.STAFF and "{" not in line.path
    ]

    assert {line.path for line in lines} >= {"/konsole", "/konsole/konzerte"}
    for role in Role:
        async with visiting(app) as visitor:
            visitor.sign_in(role)
            for line in lines:
                answer = await visitor.get(line.path)
                assert (answer.status_code == 200) == line.admits(role), (role, line.path)
                assert answer.status_code in (200, 403)


async def test_a_wrong_role_is_told_which_one_is_missing(visitor: Visitor) -> None:
    visitor.sign_in(Role.DOOR, name="Dora Tür")

    answer = await visitor.get("/konsole/konzerte")

    assert answer.status_code == 403
    assert "Protokoll oder Stiftung" in answer.text
    assert "Dora Tür" in answer.text
    assert "Einlass" in answer.text


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = await visitor.get("/konsole/konzerte?jahr=2026&q=a%26b")

    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/anmelden?weiter=%2Fkonsole%2Fkonzerte%3Fjahr%3D2026%26q%3Da%2526b"
    )


async def test_a_program_that_is_not_signed_in_gets_a_problem(visitor: Visitor) -> None:
    answer = await visitor.get("/konsole", headers={"accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:ehrensache:problem:NotSignedIn"


async def test_a_form_of_a_lost_session_is_not_redirected_away(visitor: Visitor) -> None:
    answer = await visitor.client.post("/konsole/notizen", data={"text": "lang getippt"})

    assert answer.status_code == 401
    assert "Neues Fenster: anmelden" in answer.text


async def test_a_forged_token_is_nobody(visitor: Visitor) -> None:
    visitor.hold(cookies.STAFF, "eyJhbGciOiJub25lIn0.e30.")

    assert (await visitor.get("/konsole")).status_code == 303
    assert (await visitor.get("/offen")).json()["member"] is None


async def test_a_public_page_knows_who_is_signed_in(visitor: Visitor) -> None:
    visitor.sign_in(Role.EDITOR, name="Edda Feder")

    assert (await visitor.get("/offen")).json()["member"] == "Edda Feder"


async def test_an_ended_session_counts_no_more_although_its_token_would(
    database: Database,
) -> None:
    async with visiting(app_for(database)) as visitor:
        member = visitor.sign_in(Role.CLERK)
        fact = StaffSessionEnded(
            session_id=member.session_id,
            forget_after=datetime.now(UTC) + timedelta(minutes=10),
            version=1,
        )
        async with database.pool("registry") as pool, transaction(pool) as opened:
            await keep_ended_sessions(opened, [fact, fact])

        assert (await visitor.get("/konsole")).status_code == 303


async def test_sessions_that_ended_long_ago_are_forgotten(database: Database) -> None:
    old = StaffSessionEnded(
        session_id=staff_member().session_id,
        forget_after=datetime.now(UTC) - timedelta(seconds=1),
        version=1,
    )
    async with database.pool("registry") as pool, transaction(pool) as opened:
        await keep_ended_sessions(opened, [old])

        assert not await opened.fetchval(
            "select count(*) from ended_session where session_id = $1", old.session_id
        )


class Registry:
    """Renews like registry does: it knows the sessions by their keys."""

    def __init__(self, *references: str) -> None:
        member = staff_member(Role.CLERK, name="Erika Beispiel")
        token = TokenSigner(STAFF_KEY, PUBLIC_URL).sign(member)
        self.tokens = {session_key(reference): token for reference in references}

    async def renew(self, key: object) -> str | None:
        """Return a token for a live session."""
        return self.tokens.get(key)  # type: ignore[call-overload, no-any-return]


def expired_token() -> str:
    member = staff_member(Role.ADMIN, name="Alt")
    past = msgspec.structs.replace(member, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    return TokenSigner(STAFF_KEY, PUBLIC_URL).sign(past)


async def test_an_expired_token_is_renewed_and_the_form_is_not_lost(database: Database) -> None:
    app = app_for(database)
    async with visiting(app) as visitor:
        app.state.recognition.renew = Registry("my-session").renew
        visitor.hold(cookies.SESSION, "my-session")
        visitor.hold(cookies.STAFF, expired_token())

        answer = await visitor.post("/konsole/notizen", {"text": "Grüße"})

        assert answer.status_code == 200
        assert answer.json() == {"text": "Grüße"}
        assert cookies.STAFF in answer.headers["set-cookie"]
        assert (await visitor.get("/offen")).json()["member"] == "Erika Beispiel"


@pytest.mark.parametrize("reference", [None, "guessed", "", "x" * 5000])
async def test_an_expired_token_alone_proves_no_session(
    database: Database, reference: str | None
) -> None:
    app = app_for(database)
    async with visiting(app) as visitor:
        app.state.recognition.renew = Registry("my-session").renew
        visitor.hold(cookies.STAFF, expired_token())
        if reference is not None:
            visitor.hold(cookies.SESSION, reference)

        answer = await visitor.get("/konsole")

        assert answer.status_code == 303
        assert "set-cookie" not in answer.headers


async def test_without_nats_a_page_goes_through_registry_and_a_form_waits(
    database: Database,
) -> None:
    app = app_for(database)
    async with visiting(app) as visitor:
        visitor.hold(cookies.SESSION, "my-session")
        with pytest.raises(AskFailed):
            await app.state.recognition.renew(session_key("my-session"))

        page = await visitor.get("/konsole")
        form = await visitor.post("/konsole/notizen", {"text": "x"})

        assert page.status_code == 303
        assert page.headers["location"].startswith("/anmelden?weiter=")
        assert form.status_code == 503
        assert "in einer Minute erneut" in form.text


async def test_staff_cookies_are_for_this_origin_only(database: Database) -> None:
    app = app_for(database)
    async with visiting(app) as visitor:
        app.state.recognition.renew = Registry("my-session").renew
        visitor.hold(cookies.SESSION, "my-session")

        cookie = (await visitor.get("/konsole")).headers["set-cookie"]

        assert cookie.startswith("__Host-staff=")
        assert all(part in cookie for part in ("; Path=/", "; Secure", "; HttpOnly"))
        assert "; SameSite=Lax" in cookie
        assert "Domain" not in cookie
