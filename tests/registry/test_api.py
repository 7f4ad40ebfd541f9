"""Programs read people and organisations page by page."""

import pytest

from services.registry.app import create
from shared.auth import Role
from shared.database import Pool
from tests.conftest import Database
from tests.registry.conftest import settings_for
from tests.registry.lists import ROWING_CLUB, a_list, import_list, people
from tests.visitor import Visitor, visiting

API = "/api/registry/v1"
JSON = {"accept": "application/json"}


@pytest.fixture(scope="module", autouse=True)
async def some_records(pool: Pool) -> None:
    await import_list(pool, "people", people(*range(5)))
    await import_list(pool, "organisations", a_list("organisations", ROWING_CLUB))


async def test_people_are_read_page_by_page_without_gap_or_repetition(clerk: Visitor) -> None:
    seen: list[str] = []
    asked = f"{API}/people?limit=2"
    while asked:
        part = (await clerk.get(asked, headers=JSON)).json()
        seen += [person["person_id"] for person in part["people"]]
        following = part["next_after"]
        asked = f"{API}/people?limit=2&after={following}" if following else ""

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen)


async def test_an_organisation_has_its_contact(clerk: Visitor) -> None:
    answer = (await clerk.get(f"{API}/organisations", headers=JSON)).json()

    assert answer["organisations"][0]["contact_name"] == "Uwe Muster"
    assert answer["next_after"] is None


@pytest.mark.parametrize("asked", ["limit=0", "limit=501", "limit=x", "after=x"])
async def test_a_wrong_question_is_answered_with_a_problem_document(
    clerk: Visitor, asked: str
) -> None:
    answer = await clerk.get(f"{API}/people?{asked}", headers=JSON)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_only_staff_read(database: Database) -> None:
    async with visiting(create(settings_for(database))) as visitor:
        nobody = await visitor.get(f"{API}/people", headers=JSON)
        visitor.sign_in(Role.DOOR)
        wrong_role = await visitor.get(f"{API}/people", headers=JSON)

        assert (nobody.status_code, wrong_role.status_code) == (401, 403)


async def test_the_interface_describes_itself(clerk: Visitor) -> None:
    described = (await clerk.get(f"{API}/openapi.json", headers=JSON)).json()

    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {f"{API}/people", f"{API}/organisations"}
