"""A personal link opens one thing for a while, and guessing one is slow."""

from collections.abc import AsyncIterator

import pytest

from shared.web.addresses import Proxies, customer
from shared.web.limits import MOST_VISITORS, Misses, TooManyAttempts
from shared.web.tokens import hash_token
from tests.conftest import Database
from tests.shared.web_app import app_for
from tests.visitor import Visitor, visiting

PROXY = b"x-forwarded-for"


@pytest.fixture
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    async with visiting(app_for(database)) as opened:
        yield opened


async def test_a_link_becomes_a_cookie_and_leaves_the_address(visitor: Visitor) -> None:
    opened = await visitor.get("/e/valid-token")
    page = await visitor.get(opened.headers["location"])

    assert opened.status_code == 303
    assert opened.headers["location"] == "/einladung"
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["referrer-policy"] == "no-referrer"
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("__Host-invitation=valid-token; ")
    assert "Max-Age=1800" in cookie
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert page.json()["hash"] == hash_token("valid-token").hex()


async def test_without_its_link_the_page_asks_for_it(visitor: Visitor) -> None:
    answer = await visitor.get("/einladung")

    assert answer.status_code == 403
    assert "öffnen Sie den Link" in answer.text


async def test_an_unknown_link_is_not_found_however_it_looks(visitor: Visitor) -> None:
    answers = [await visitor.get(f"/e/{token}") for token in ("x", "%00", "ü" * 200, "..%2fx")]

    assert {answer.status_code for answer in answers} == {404}


async def test_the_twenty_first_guess_of_a_minute_is_not_even_looked_up(visitor: Visitor) -> None:
    guesses = [await visitor.get(f"/e/guess-{number}") for number in range(21)]
    right = await visitor.get("/e/valid-token")

    assert [answer.status_code for answer in guesses] == [404] * 20 + [429]
    assert right.status_code == 429
    assert "warten Sie eine Minute" in right.text


async def test_a_guesser_behind_the_proxy_does_not_lock_out_the_others(visitor: Visitor) -> None:
    for number in range(21):
        await visitor.get(f"/e/guess-{number}", headers={"x-forwarded-for": "203.0.113.7"})

    guesser = await visitor.get("/e/valid", headers={"x-forwarded-for": "203.0.113.7"})
    other = await visitor.get("/e/valid", headers={"x-forwarded-for": "203.0.113.8"})

    assert guesser.status_code == 429
    assert other.status_code == 303


async def test_a_made_up_sender_gains_a_guesser_nothing(visitor: Visitor) -> None:
    for number in range(21):
        forged = f"198.51.100.{number}, 203.0.113.7"
        await visitor.get(f"/e/guess-{number}", headers={"x-forwarded-for": forged})

    answer = await visitor.get("/e/valid", headers={"x-forwarded-for": "10.0.0.1, 203.0.113.7"})

    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "nonsense"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("10.9.9.9", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_last_proxy_that_is_trusted_says_who_asks(
    peer: str, forwarded: str, client: str
) -> None:
    proxies = Proxies("127.0.0.1, 10.0.0.0/8")
    scope = {"type": "http", "client": (peer, 1)}

    found = proxies.client(scope, {PROXY: forwarded.encode()} if forwarded else {})  # type: ignore[arg-type]

    assert found == client


def test_a_household_is_counted_as_one() -> None:
    assert customer("2001:db8:1:2:3::1") == customer("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert customer("203.0.113.7") != customer("203.0.113.8")
    assert len(customer("x" * 10_000)) == 64


def test_who_waits_may_try_again() -> None:
    clock = [0.0]
    misses = Misses(20, lambda: clock[0])
    for _ in range(20):
        misses.check("203.0.113.7")
        misses.note("203.0.113.7")
    with pytest.raises(TooManyAttempts):
        misses.check("203.0.113.7")

    clock[0] = 3.1

    misses.check("203.0.113.7")
    misses.note("203.0.113.7")
    with pytest.raises(TooManyAttempts):
        misses.check("203.0.113.7")


def test_guessing_from_many_addresses_leaves_each_one_miss_a_minute() -> None:
    clock = [0.0]
    misses = Misses(20, lambda: clock[0], of_all=100)
    for number in range(100):
        misses.note(f"198.51.100.{number}")

    misses.check("203.0.113.7")
    misses.note("203.0.113.7")
    with pytest.raises(TooManyAttempts):
        misses.check("203.0.113.7")
    misses.check("203.0.113.8")

    clock[0] = 61.0
    misses.check("203.0.113.7")


def test_memory_does_not_grow_with_the_number_of_guessers() -> None:
    misses = Misses()

    for number in range(MOST_VISITORS + 500):
        misses.note(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    assert len(misses._visitors) == MOST_VISITORS
