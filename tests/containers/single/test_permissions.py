"""Every user of the bus tries in the containers what is not its own, and is refused."""

from typing import cast

import pytest

from deploy.local.nats import Nats
from deploy.nats import accounts
from tests.containers.system import ComposedSystem
from tests.deploy.servers import Bus
from tests.deploy.test_permissions import (
    member,
    test_a_service_hears_its_own_inbox_and_asks_only,
    test_any_service_is_asked_and_answers_once,
    test_no_service_steers_the_bus,
    test_only_events_writes_receipts_and_reads_partners,
    test_the_provisioner_neither_publishes_facts_nor_reads_them,
)

__all__ = [
    "member",
    "test_a_service_hears_its_own_inbox_and_asks_only",
    "test_any_service_is_asked_and_answers_once",
    "test_no_service_steers_the_bus",
    "test_only_events_writes_receipts_and_reads_partners",
    "test_the_provisioner_neither_publishes_facts_nor_reads_them",
]


class Reached:
    """The server in its container, as far as these tests ask for it."""

    def __init__(self, url: str) -> None:
        self.url = url


@pytest.fixture(scope="session")
def bus(system: ComposedSystem) -> Bus:
    """The system's own bus."""
    notes = system.notes
    server = cast("Nats", Reached(notes.nats_url))
    return Bus(server, accounts.ensure(notes.bus_keys))


@pytest.fixture(scope="session")
def provisioned(bus: Bus) -> Bus:
    """The same: the job has provisioned it."""
    return bus
