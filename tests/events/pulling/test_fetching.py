"""Foreign servers are asked politely, and cannot harm whoever asks."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.events.pulling.fetching import MOST_BYTES, fetch, is_public
from services.events.pulling.model import WORDS, Fetched, Pull, PullFailed, failed, taken
from tests.events.pulling.web import Web, serving

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving() as opened:
        yield opened


def pull(url: str, **changes: Any) -> Pull:
    return Pull(partner_id=UUID(int=1), url=url, every_minutes=60, next_at=NOW, **changes)


async def reason(wanted: Pull, **options: Any) -> str:
    with pytest.raises(PullFailed) as refused:
        await fetch(wanted, **{"allows_private": True} | options)
    return refused.value.reason


async def test_a_calendar_comes_with_what_to_ask_by_next_time(web: Web) -> None:
    web.body, web.headers = b"BEGIN:VCALENDAR", {"ETag": '"7"', "Last-Modified": "yesterday"}

    fetched = await fetch(pull(web.url), allows_private=True)

    expected = Fetched(body=b"BEGIN:VCALENDAR", etag='"7"', last_modified="yesterday")
    assert fetched == expected
    assert "accept-encoding: identity" in web.requests[0]
    assert "if-none-match" not in web.requests[0]


async def test_only_what_is_new_is_asked_for(web: Web) -> None:
    web.status = "304 Not Modified"

    fetched = await fetch(pull(web.url, etag='"7"', last_modified="yesterday"), allows_private=True)

    assert fetched.body is None
    assert 'if-none-match: "7"' in web.requests[0]
    assert "if-modified-since: yesterday" in web.requests[0]


async def test_an_address_of_a_private_network_is_not_asked(web: Web) -> None:
    localhost = web.url.replace("127.0.0.1", "localhost")

    reasons = [await reason(pull(url), allows_private=False) for url in (web.url, localhost)]

    assert reasons == ["address_not_allowed"] * 2
    assert web.requests == []


async def test_a_name_with_one_private_address_among_others_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def found(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)

    assert await reason(pull("https://example.org/"), allows_private=False) == "address_not_allowed"


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    async with serving(self_signed(tmp_path)) as opened:
        opened.body = b"BEGIN:VCALENDAR"

        assert await reason(pull(opened.url)) == "not_reached"
    assert opened.requests == []


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's side of TLS with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.1.2.3", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_public_addresses_are_told_from_others(address: str, *, public: bool) -> None:
    assert is_public(address) is public


async def test_a_redirect_is_followed_a_few_times(web: Web) -> None:
    web.status, web.headers = "302 Found", {"Location": "/kalender.ics"}

    assert await reason(pull(web.url)) == "too_many_redirects"
    assert len(web.requests) == 4


@pytest.mark.parametrize(
    "location", ["ftp://example.org/a.ics", "file:///etc/passwd", "http://a:b@example.org/", ""]
)
async def test_a_redirect_leads_to_web_pages_only(web: Web, location: str) -> None:
    web.status, web.headers = "301 Moved", {"Location": location}

    assert await reason(pull(web.url)) == "too_many_redirects"


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        ("404 Not Found", {}, b"", "answer_refused"),
        ("500 Broken", {}, b"", "answer_refused"),
        ("200 OK", {"Content-Encoding": "gzip"}, b"\x1f\x8b", "encoding_not_allowed"),
        ("200 OK", {}, b"x" * (MOST_BYTES + 1), "too_large"),
        ("nonsense", {}, b"", "not_reached"),
    ],
)
async def test_a_bad_answer_is_told_by_its_reason(
    web: Web, status: str, headers: dict[str, str], body: bytes, expected: str
) -> None:
    web.status, web.headers, web.body = status, headers, body

    assert await reason(pull(web.url)) == expected
    assert expected in WORDS


async def test_a_server_that_says_nothing_is_not_waited_for(web: Web) -> None:
    web.is_silent = True

    assert await reason(pull(web.url), seconds=0.3) == "too_slow"


async def test_a_server_that_is_not_there_is_told() -> None:
    assert await reason(pull("http://127.0.0.1:9/")) == "not_reached"
    assert await reason(pull("http://no-such-host.invalid/")) == "host_unknown"


def test_failures_wait_twice_as_long_each_time_and_a_day_at_most() -> None:
    waits, current = [], pull("https://example.org/")
    for _ in range(7):
        current = failed(current, PullFailed("not_reached"), NOW)
        waits.append((current.next_at - NOW).total_seconds() / 3600)

    well = taken(current, Fetched(body=None), b"", NOW)
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (well.failures, (well.next_at - NOW).total_seconds()) == (0, 3600)


@pytest.mark.parametrize(
    ("wait", "minutes"),
    [(timedelta(minutes=5), 60), (timedelta(hours=3), 180), (timedelta(days=400), 1_440)],
)
def test_a_server_that_asks_for_a_pause_has_it_up_to_a_day(wait: timedelta, minutes: int) -> None:
    after = failed(pull("https://example.org/"), PullFailed("asked_to_wait", wait), NOW)

    assert after.next_at == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("asked", "reason", "wait"),
    [
        ("7200", "asked_to_wait", timedelta(hours=2)),
        ("9" * 400, "asked_to_wait", timedelta(days=1)),
        ("0", "answer_refused", None),
        ("-5", "answer_refused", None),
        ("soon", "answer_refused", None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", "answer_refused", None),
        ("Mon, 01 Jan 2001 00:00:00 +99999999999999999999", "answer_refused", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_server_says_for_how_long_it_wants_to_be_left_alone(
    web: Web, status: str, asked: str, reason: str, wait: timedelta | None
) -> None:
    """Source: RFC 9110 10.2.3."""
    web.status, web.headers = status, {"Retry-After": asked}

    with pytest.raises(PullFailed) as refused:
        await fetch(pull(web.url), allows_private=True)

    assert (refused.value.reason, refused.value.wait) == (reason, wait)


async def test_a_date_to_come_back_at_is_as_good_as_seconds(web: Web) -> None:
    at = datetime.now(UTC) + timedelta(hours=5)
    web.status, web.headers = "503 Busy", {"Retry-After": format_datetime(at, usegmt=True)}

    with pytest.raises(PullFailed) as refused:
        await fetch(pull(web.url), allows_private=True)

    assert refused.value.wait is not None
    assert timedelta(hours=4) < refused.value.wait <= timedelta(hours=5)


def test_the_same_document_again_is_nothing_new() -> None:
    first = taken(pull("https://example.org/"), Fetched(body=b"x"), b"digest", NOW)
    again = taken(first, Fetched(body=b"x", etag="new"), b"digest", NOW)

    assert (first.outcome, again.outcome, again.etag) == ("changed", "unchanged", "new")
    assert msgspec.structs.replace(again, etag="", outcome="changed") == first
