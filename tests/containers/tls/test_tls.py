"""With one more compose file the parts speak TLS with each other, and all works as before."""

import asyncio
import json
from typing import Final

import asyncpg
import httpx
import pytest
from cryptography import x509

from deploy.cli import host
from deploy.postgres.settings import PROTOCOL
from tests.containers.system import PROCESSES, ComposedSystem
from tests.journeys.lists import Association, Lists, Person
from tests.journeys.staff import Clerk
from tests.journeys.waiting import eventually

CONNECTIONS: Final = """
    select application_name, bool_and(ssl) as is_encrypted
    from pg_stat_activity join pg_stat_ssl using (pid)
    where client_addr is not null
    group by application_name
"""


def lists(number: str) -> Lists:
    """Return one person, whom somebody else has to hear of."""
    return Lists(
        Association(number=f"V-{number}", name=f"Schlosserei {number} e. V.", email="v@v.example"),
        (
            Person(
                number=f"P-{number}",
                given_name="Roswitha",
                family_name="Riegel",
                email=f"{number}@post.example".lower(),
            ),
        ),
    )


async def test_a_fact_goes_from_one_service_to_another_and_every_connection_is_encrypted(
    system: ComposedSystem, clerk: Clerk
) -> None:
    await _told(system, clerk, "TLS-1")

    bases = {row["application_name"]: row["is_encrypted"] for row in await system.rows(CONNECTIONS)}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{system.notes.nats_monitoring}/connz")
    buses = {one.get("name", ""): one.get("tls_version") for one in answer.json()["connections"]}
    assert set(PROCESSES) <= bases.keys()
    assert set(bases.values()) == {True}
    assert {f"ehrensache-{process}" for process in PROCESSES} <= buses.keys()
    assert set(buses.values()) == {"1.3"}


async def test_who_speaks_without_tls_is_sent_away(system: ComposedSystem) -> None:
    url, _, _ = system._superuser_url().partition("?")

    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await asyncpg.connect(url, ssl=False)


async def test_the_operator_backs_up_restores_and_sees_that_all_is_well(
    system: ComposedSystem,
) -> None:
    backup = await asyncio.to_thread(system.back_up, "tls.key")
    tried = ("restore", f"backups/{backup}", "--identity", "tls.key", "--verify")
    await asyncio.to_thread(system.command, *tried)

    state = json.loads(await asyncio.to_thread(system.command, "status", "--json"))

    assert state["problems"] == []
    assert set(state["host"]["inner_certificate_seconds"]) == {"postgres", "nats"}


async def test_certificates_are_replaced_as_the_runbook_says(
    system: ComposedSystem, clerk: Clerk
) -> None:
    composition = system.composition
    before = await _shown(system)

    composition.as_root(
        "sh", "-c", "rm /folder/secrets/inner/postgres.* /folder/secrets/inner/nats.*"
    )
    composition.run("run", "--rm", "secrets")
    composition.run(
        "up", "--detach", "--no-build", "--force-recreate", "--no-deps", "postgres", "nats"
    )
    composition.await_health("postgres", "nats", *PROCESSES)

    after = await _shown(system)
    assert before["postgres"] != after["postgres"]
    assert before["nats"] != after["nats"]
    await _told(system, clerk, "TLS-2")


async def _told(system: ComposedSystem, clerk: Clerk, number: str) -> None:
    """Bring a person along in registry, and wait until recognition knows of them."""
    await clerk.bring(lists(number))

    async def is_known() -> bool:
        known = "select count(*) from recognition.known_organisation where name = $1"
        return bool(await system.value(known, lists(number).association.name))

    await eventually(is_known, "recognition has not heard of it")


async def _shown(system: ComposedSystem) -> dict[str, int]:
    """Return the serial number of the certificate that each server shows."""
    notes = system.notes
    found = {}
    for server, at in (("postgres", notes.postgres), ("nats", notes.nats_url[len("nats://") :])):
        address, _, port = at.partition(":")
        shown = await host._shown(address, int(port), server, [PROTOCOL])
        found[server] = x509.load_der_x509_certificate(shown).serial_number
    return found
