"""Whatever stands in an address, a header or a cookie, the answer says what is wrong with it."""

import pytest

from shared.web import cookies
from tests.bad_input.caller import Sent
from tests.bad_input.corpus import COOKIES, HEADERS, IN_PATHS, encoded, unlike
from tests.bad_input.routes import SERVICES, routes
from tests.bad_input.town import Town

HELD = (
    cookies.SESSION,
    cookies.STAFF,
    "__Host-invitation",
    "__Host-organisation",
    "__Host-message",
)

NUMBERED = ("seite", "limit", "places")
MOST_ROUTES = 2
"""Cookies and headers are read before a route is asked; some routes stand for all."""


@pytest.mark.parametrize("service", SERVICES)
async def test_no_part_of_a_path_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(method=route.method, target=town.target(route, name, bad), headers=held)
        for route in routes(service)
        for name in route.variables
        for bad in IN_PATHS
    ]

    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_question_in_an_address_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(
            method="GET",
            target=town.target(route) + b"?" + name.encode() + b"=" + encoded(bad),
            headers=held,
        )
        for route in routes(service)
        if route.method == "GET"
        for turn, name in enumerate(route.questions)
        for bad in unlike("1" if name in NUMBERED else "Beispiel", turn)
    ]

    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_header_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(
            method=route.method,
            target=town.target(route),
            headers=(*(pair for pair in held if pair[0] != bad[0]), bad),
            note=str(bad[0]),
        )
        for route in routes(service)[::3]
        if route.method == "GET"
        for bad in HEADERS
    ]

    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_cookie_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(
            method=route.method,
            target=town.target(route),
            headers=(*held[1:], *town.cookie(**{name: bad})),
            note=name,
        )
        for route in routes(service)[:: len(routes(service)) // MOST_ROUTES]
        for name in HELD
        for bad in COOKIES
    ]

    assert not await town.faults(service, requests)
