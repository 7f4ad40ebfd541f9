"""The navigation leads everybody to where they may go, and nobody to a closed door."""

from functools import cache

import pytest

from deploy.reference.roles import matrix
from shared.auth import Role
from shared.web.access import RouteAccess
from shared.web.navigation import PUBLIC_ENTRIES, STAFF_ENTRIES, Entry, current_entry


@cache
def routes() -> list[RouteAccess]:
    return [line for lines in matrix().values() for line in lines]


def route_of(entry: Entry) -> RouteAccess:
    wanted = ("GET", entry.path)
    return next(route for route in routes() if (route.method, route.path) == wanted)


@pytest.mark.parametrize("entry", STAFF_ENTRIES, ids=lambda entry: entry.path)
def test_an_entry_is_shown_exactly_to_the_roles_that_may_open_it(entry: Entry) -> None:
    route = route_of(entry)

    shown = {role for role in Role if not entry.roles or role in entry.roles}
    assert shown == {role for role in Role if route.admits(role)}


@pytest.mark.parametrize("entry", PUBLIC_ENTRIES, ids=lambda entry: entry.path)
def test_a_public_entry_is_open_to_anyone(entry: Entry) -> None:
    assert all(route_of(entry).admits(role) for role in Role)


@pytest.mark.parametrize(
    ("path", "label"),
    [("/", "Veranstaltungen"), ("/termine/monat", "Veranstaltungen"), ("/einladung", None)],
)
def test_the_entry_of_the_page_is_marked(path: str, label: str | None) -> None:
    current = current_entry(PUBLIC_ENTRIES, path)

    assert (current.label if current else None) == label
