"""Whatever stands in a form or a document, it is refused with a sentence and nothing is kept."""

import pytest

from tests.bad_input.caller import Sent
from tests.bad_input.corpus import BODIES, JSON, form, unlike
from tests.bad_input.routes import SERVICES, Route, routes
from tests.bad_input.town import Pairs, Town

FORM = (b"content-type", b"application/x-www-form-urlencoded")
DOCUMENT = (b"content-type", b"application/json")


def changing(service: str) -> list[Route]:
    """A service's routes that change something."""
    return [route for route in routes(service) if route.method == "POST"]


def with_field(town: Town, route: Route, held: Pairs, field: str, bad: bytes) -> Sent:
    """A form that is right but for one field."""
    return Sent(
        method="POST",
        target=town.target(route),
        headers=(*held, FORM),
        body=form(route.fields, field, bad),
        note=f"{field}={bad[:40]!r}",
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_no_field_of_a_form_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        with_field(town, route, held, field, bad)
        for route in changing(service)
        for turn, (field, right) in enumerate(route.fields.items())
        for bad in unlike(right, turn)
    ]

    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_body_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(
            method="POST",
            target=town.target(route),
            headers=(*held, (b"content-type", kind)),
            body=body,
            note=f"{kind!r} {body[:40]!r}",
        )
        for route in changing(service)
        for kind, body in BODIES
    ]

    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", ["recognition"])
async def test_no_document_can_cause_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    requests = [
        Sent(
            method="POST",
            target=town.target(route),
            headers=(*held, DOCUMENT),
            body=body,
            note=repr(body[:40]),
        )
        for route in changing(service)
        if route.takes_json
        for body in JSON
    ]

    assert requests
    assert not await town.faults(service, requests)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_body_that_no_one_can_read_is_refused_before_its_token_is_looked_for(
    town: Town, service: str
) -> None:
    held = [pair for pair in await town.headers(service) if pair[0] != b"x-csrf-token"]
    requests = [
        Sent(
            method="POST",
            target=town.target(changing(service)[0]),
            headers=(*held, (b"content-type", kind)),
            body=body,
            note=f"{kind!r} {body[:40]!r}",
        )
        for kind, body in BODIES
    ]

    assert not await town.faults(service, requests)
