"""Staff sign in at the provider, come back, stay signed in, and leave for good."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from shared.auth import Role
from shared.database import Pool
from shared.web import cookies
from shared.web.navigation import EVENTS_WAIT, LISTS_WAIT, MESSAGES_WAIT
from shared.web.sessions import session_key
from tests.registry.sign_in.provider import ISSUER, FakeProvider, sign_in
from tests.visitor import PUBLIC_URL, Visitor


async def test_staff_sign_in_and_see_their_tasks(visitor: Visitor, provider: FakeProvider) -> None:
    status = await sign_in(visitor, provider)
    console = await visitor.get("/konsole")

    assert status == 303
    assert "Guten Tag, Jonas Rehfeld" in console.text
    assert "Sachbearbeitung" in console.text
    assert "/konsole/importe" in console.text
    assert "/konsole/termine" not in console.text
    assert [console.text.count(f'hx-get="{one}"') for one in (LISTS_WAIT, MESSAGES_WAIT)] == [1, 1]
    assert 'id="wartet-konsole-importe"' in console.text
    assert EVENTS_WAIT not in console.text


async def test_the_browser_is_sent_to_the_provider_with_all_that_protects_the_way(
    visitor: Visitor,
) -> None:
    leaving = await visitor.get("/anmelden")

    address = urlsplit(leaving.headers["location"])
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/authorize"
    assert asked["redirect_uri"] == [f"{PUBLIC_URL}/anmelden/zurueck"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert "__Host-sign-in=" in leaving.headers["set-cookie"]


async def test_after_signing_in_one_is_where_one_wanted_to_be(
    visitor: Visitor, provider: FakeProvider
) -> None:
    wanted = "/anmelden?weiter=%2Fkonsole%2Fpersonen%3Fsuche%3DM%25C3%25BCller"
    leaving = await visitor.get(wanted)
    back = await visitor.get(
        "/anmelden/zurueck", params=provider.consent(leaving.headers["location"])
    )

    assert back.headers["location"] == "/konsole/personen?suche=M%C3%BCller"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil",
        "javascript:x",
    ],
)
async def test_nobody_is_sent_to_another_site_after_signing_in(
    visitor: Visitor, provider: FakeProvider, elsewhere: str
) -> None:
    leaving = await visitor.get("/anmelden", params={"weiter": elsewhere})
    back = await visitor.get(
        "/anmelden/zurueck", params=provider.consent(leaving.headers["location"])
    )

    assert back.headers["location"] == "/konsole"


async def test_an_answer_counts_only_once(visitor: Visitor, provider: FakeProvider) -> None:
    leaving = await visitor.get("/anmelden")
    browser = visitor.client.cookies["__Host-sign-in"]
    answer = provider.consent(leaving.headers["location"])
    first = await visitor.get("/anmelden/zurueck", params=answer)
    visitor.hold("__Host-sign-in", browser)

    again = await visitor.get("/anmelden/zurueck", params=answer)

    assert first.status_code == 303
    assert again.status_code == 400
    assert "schon benutzt" in again.text


async def test_a_code_counts_only_once_at_the_provider(
    visitor: Visitor, provider: FakeProvider
) -> None:
    leaving = await visitor.get("/anmelden")
    used = provider.consent(leaving.headers["location"])
    await visitor.get("/anmelden/zurueck", params=used)
    visitor.client.cookies.clear()
    second = await visitor.get("/anmelden")
    fresh = provider.consent(second.headers["location"])

    replayed = await visitor.get(
        "/anmelden/zurueck", params={"code": used["code"], "state": fresh["state"]}
    )

    assert replayed.status_code == 403


async def test_an_answer_in_another_browser_signs_nobody_in(
    visitor: Visitor, provider: FakeProvider
) -> None:
    leaving = await visitor.get("/anmelden")
    visitor.client.cookies.clear()

    answer = await visitor.get(
        "/anmelden/zurueck", params=provider.consent(leaving.headers["location"])
    )

    assert answer.status_code == 400
    assert cookies.SESSION not in visitor.client.cookies


@pytest.mark.parametrize("state", ["", "x", "\x00", "ü" * 500])
async def test_a_made_up_state_is_refused(visitor: Visitor, state: str) -> None:
    await visitor.get("/anmelden")

    answer = await visitor.get("/anmelden/zurueck", params={"code": "x", "state": state})

    assert answer.status_code == 400


async def test_an_attempt_ends_after_ten_minutes(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    leaving = await visitor.get("/anmelden")
    await pool.execute("update sign_in_attempt set expires_at = now()")

    answer = await visitor.get(
        "/anmelden/zurueck", params=provider.consent(leaving.headers["location"])
    )

    assert answer.status_code == 400


async def test_who_declines_at_the_provider_is_told_so(
    visitor: Visitor, provider: FakeProvider
) -> None:
    leaving = await visitor.get("/anmelden")
    state = provider.consent(leaving.headers["location"])["state"]

    answer = await visitor.get(
        "/anmelden/zurueck", params={"error": "access_denied", "state": state}
    )

    assert answer.status_code == 403
    assert "abgebrochen" in answer.text


async def test_a_provider_that_is_away_is_said_to_be(
    visitor: Visitor, provider: FakeProvider
) -> None:
    provider.is_away = True

    answer = await visitor.get("/anmelden")

    assert answer.status_code == 503
    assert "in einer Minute erneut" in answer.text
    assert (await visitor.get("/abmelden")).status_code == 200


async def test_somebody_without_a_role_does_not_get_in(
    visitor: Visitor, provider: FakeProvider
) -> None:
    status = await sign_in(visitor, provider, groups=["ehrensache-kaiser", "clerk"])

    assert status == 403
    assert (await visitor.get("/konsole")).status_code == 303


async def test_groups_may_come_from_userinfo(visitor: Visitor, provider: FakeProvider) -> None:
    provider.userinfo = {"sub": "u-17", "groups": ["ehrensache-door"]}

    assert await sign_in(visitor, provider, groups=None) == 303
    assert "/tuer" in (await visitor.get("/konsole")).text


async def test_signing_in_gives_new_secrets_and_ends_the_session_before(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider)
    before = visitor.client.cookies[cookies.SESSION]
    leaving = await visitor.get("/anmelden")
    assert leaving.headers["location"] == "/konsole"

    visitor.client.cookies.delete(cookies.SESSION)
    second = await visitor.get("/anmelden")
    visitor.hold(cookies.SESSION, before)
    await visitor.get("/anmelden/zurueck", params=provider.consent(second.headers["location"]))

    assert visitor.client.cookies[cookies.SESSION] != before
    assert await ended(pool, before)


async def ended(pool: Pool, reference: str) -> bool:
    return bool(
        await pool.fetchval(
            "select ended_at is not null from staff_session where session_key = $1",
            session_key(reference),
        )
    )


async def test_signing_out_ends_the_session_and_tells_everybody(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider)
    reference = visitor.client.cookies[cookies.SESSION]
    token = visitor.client.cookies[cookies.STAFF]
    answer = await visitor.post("/abmelden")

    assert answer.headers["location"] == "/abmelden"
    assert cookies.SESSION not in visitor.client.cookies
    assert await ended(pool, reference)
    assert await pool.fetchval(
        """
        select count(*) = 1 from outbox
        where subject = 'facts.registry.staff_session_ended.v1' and aggregate_id = (
            select session_id from staff_session where session_key = $1
        )
        """,
        session_key(reference),
    )
    assert await pool.fetchval(
        "select count(*) = 1 from ended_session where session_id = "
        "(select session_id from staff_session where session_key = $1)",
        session_key(reference),
    )
    visitor.hold(cookies.SESSION, reference)
    assert (await visitor.get("/konsole")).status_code == 303
    assert token


async def test_a_session_that_was_left_alone_for_half_an_hour_is_over(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider)
    visitor.client.cookies.delete(cookies.STAFF)
    assert (await visitor.get("/konsole")).status_code == 200

    visitor.client.cookies.delete(cookies.STAFF)
    await pool.execute("update staff_session set last_seen_at = now() - interval '30 minutes'")

    assert (await visitor.get("/konsole")).status_code == 303


async def test_no_session_lasts_longer_than_a_working_day(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider)
    visitor.client.cookies.delete(cookies.STAFF)
    await pool.execute("update staff_session set started_at = now() - interval '10 hours'")

    assert (await visitor.get("/konsole")).status_code == 303


async def test_one_sees_and_ends_ones_own_sessions_but_not_others(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider, sub="u-99", name="Fremde Person")
    others = visitor.client.cookies[cookies.SESSION]
    visitor.client.cookies.clear()
    await sign_in(visitor, provider, sub="u-50")
    listed = await visitor.get("/konsole/sitzungen")
    others_id: UUID = await pool.fetchval(
        "select session_id from staff_session where session_key = $1", session_key(others)
    )

    refused = await visitor.post(f"/konsole/sitzungen/{others_id}/beenden")

    assert "dieses Gerät" in listed.text
    assert "Fremde Person" not in listed.text
    assert refused.status_code == 404
    assert not await ended(pool, others)


async def test_an_operator_may_end_anybodys_session(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider, sub="u-98", name="Ilse Fremd")
    others = visitor.client.cookies[cookies.SESSION]
    visitor.client.cookies.clear()
    await sign_in(visitor, provider, groups=["ehrensache-admin"], sub="u-1", name="Kai Lindholm")
    listed = await visitor.get("/konsole/sitzungen")
    others_id: UUID = await pool.fetchval(
        "select session_id from staff_session where session_key = $1", session_key(others)
    )

    answer = await visitor.post(f"/konsole/sitzungen/{others_id}/beenden")

    assert "Ilse Fremd" in listed.text
    assert answer.status_code == 303
    assert await ended(pool, others)
    assert "Die Sitzung ist beendet." in (await visitor.get("/konsole/sitzungen")).text


async def test_nobody_can_start_sign_ins_without_end(visitor: Visitor) -> None:
    answers = [await visitor.get("/anmelden") for _ in range(25)]

    assert answers[19].status_code == 303
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"]


async def test_no_secret_of_a_browser_is_stored(
    visitor: Visitor, provider: FakeProvider, pool: Pool
) -> None:
    await sign_in(visitor, provider)
    secret = visitor.client.cookies[cookies.SESSION]

    stored = await pool.fetchval(
        "select string_agg(one::text, '') from (select * from staff_session) as one"
    )

    assert secret not in stored
    assert secret.encode().hex() not in stored


def test_a_role_stands_behind_the_prefix_of_a_group() -> None:
    from services.registry.sign_in.model import roles_of

    groups = ["ehrensache-clerk", "ehrensache-", "clerk", "ehrensache-CLERK", "x-ehrensache-door"]

    assert roles_of(groups, "ehrensache-") == {Role.CLERK}
