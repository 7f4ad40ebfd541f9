"""A link is looked at as a visitor would, and never inside our own network."""

import socket

import pytest

from services.events.links.probing import Prober, is_public
from tests.events.links.hosts import host

PROBER = Prober("Ehrensache-Test", reaches_private=True)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("200", ""), ("204", ""), ("304", ""), ("404", "gone"), ("410", "gone"), ("403", ""),
        ("429", ""), ("400", "refused"), ("500", "failing"), ("503", "failing"),
    ],
)  # fmt: skip
async def test_what_a_host_answers(answer: str, reason: str) -> None:
    async with host({"/angebot": answer}) as opened:
        assert await PROBER.look(f"{opened.url}/angebot") == reason


async def test_a_host_without_head_is_asked_with_get() -> None:
    async with host({"HEAD /a": "501", "GET /a": "200"}) as opened:
        assert await PROBER.look(f"{opened.url}/a") == ""
        assert opened.asked == ["HEAD /a", "GET /a"]


async def test_the_body_is_not_asked_for_where_the_head_is_enough() -> None:
    async with host() as opened:
        await PROBER.look(f"{opened.url}/a?b=1#c")

        assert opened.asked == ["HEAD /a?b=1"]


async def test_a_link_is_followed_to_its_end() -> None:
    async with host({"/a": "301>/b", "/b": "302>/c", "/c": "404"}) as opened:
        assert await PROBER.look(f"{opened.url}/a") == "gone"
        assert "GET /c" in opened.asked


async def test_a_link_that_leads_on_for_ever_is_left() -> None:
    async with host({"/a": "301>/a"}) as opened:
        assert await PROBER.look(f"{opened.url}/a") == "too_many_hops"
        assert len(opened.asked) == 5


async def test_a_host_that_is_not_there_gives_no_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert await PROBER.look(f"http://127.0.0.1:{port}/") == "no_answer"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://gibt-es-nicht.invalid/", "no_such_host"),
        ("ftp://example.de/", "refused"),
        ("http://", "refused"),
        ("http://[::1", "no_answer"),
    ],
)
async def test_an_address_that_leads_nowhere(url: str, reason: str) -> None:
    assert await PROBER.look(url) == reason


async def test_our_own_network_is_not_asked() -> None:
    async with host() as opened:
        assert await Prober("Ehrensache-Test").look(opened.url) == "private"
        assert opened.asked == []


async def test_a_redirect_does_not_lead_into_our_own_network() -> None:
    """The first hop is allowed here, so the scheme stands for any address that is not."""
    async with host({"/a": "302>file:///etc/passwd"}) as opened:
        assert await PROBER.look(f"{opened.url}/a") == "refused"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("10.0.0.8", False), ("172.16.3.4", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False),  # noqa: S104 - not bound
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.8", False),
        ("2002:0a00:0008::1", False), ("64:ff9b::a00:8", False), ("224.0.0.1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:  # noqa: FBT001 - expected
    assert is_public(address) is public
