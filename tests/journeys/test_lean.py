"""No process of a running system holds what it never uses, though all of it is installed here."""

import pytest

from tests.journeys.system import System

SERVICES = ("registry", "recognition", "events", "notifier")


@pytest.mark.parametrize("service", SERVICES)
def test_an_api_holds_no_websockets_and_no_models_of_pydantic(system: System, service: str) -> None:
    loaded = system.libraries(f"{service}-api")

    assert any("/asyncpg/" in path for path in loaded)
    assert [path for path in loaded if "/aiohttp/" in path or "/pydantic_core/" in path] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_holds_no_websockets(system: System, service: str) -> None:
    loaded = system.libraries(f"{service}-worker")

    assert any("/pydantic_core/" in path for path in loaded)
    assert [path for path in loaded if "/aiohttp/" in path] == []


def test_pictures_are_read_by_a_child_only(system: System) -> None:
    assert [path for path in system.libraries("events-api") if "/PIL/" in path] == []
