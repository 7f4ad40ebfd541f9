"""Every page to which the navigation leads is fit for its readers, empty or not."""

import pytest

from shared.auth import Role
from shared.web.navigation import STAFF_ENTRIES, entries_for
from tests.browser.conftest import Visit
from tests.visitor import staff_member

ROLES = (Role.FOUNDATION, Role.CLERK, Role.EDITOR, Role.ADMIN, Role.AUDITOR, Role.JURY)


def first_seen_by(role: Role) -> list[str]:
    """The addresses that a role sees and none of the roles before it."""
    before = {
        entry.path
        for earlier in ROLES[: ROLES.index(role)]
        for entry in entries_for(staff_member(earlier))
    }
    seen = [entry.path for entry in entries_for(staff_member(role))]
    return ["/konsole", *(path for path in seen if path not in before and path != "/tuer")]


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_of_the_navigation_is_fit(sit: Visit, role: Role) -> None:
    async with sit(role) as window:
        for path in first_seen_by(role):
            await window.open(path)

            assert (await window.page.title()).endswith("Ehrensache")


def test_no_entry_is_left_out() -> None:
    looked_at = {path for role in ROLES for path in first_seen_by(role)}

    assert {entry.path for entry in STAFF_ENTRIES} == looked_at | {"/tuer"}
