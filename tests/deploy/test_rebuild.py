"""The bus and the copies that services keep are filled anew from PostgreSQL."""

import asyncio
import json
from uuid import uuid4

from nats.aio.client import Client

from deploy.nats import permissions, streams
from deploy.nats.session import sign_in
from deploy.postgres.roles import SERVICES
from tests.deploy.city import City


def test_a_lost_stream_is_filled_again(city: City) -> None:
    fact_id = uuid4()
    city.execute(
        "registry_app",
        """
        insert into outbox (
            fact_id, subject, aggregate_id, aggregate_version, traceparent, body, published_at
        )
        values ($1, 'facts.registry.person_changed.v1', $1, 1, '', '{}', now())
        """,
        fact_id,
    )

    async def lose() -> None:
        client = await _provisioner(city)
        await client.jetstream().delete_stream(streams.FACTS)
        await client.close()

    async def durables() -> set[str]:
        client = await _provisioner(city)
        found = await client.jetstream().consumers_info(streams.FACTS)
        await client.close()
        return {info.name for info in found}

    asyncio.run(lose())
    rebuilt = city.run("rebuild")

    waits = "select published_at is null from outbox where fact_id = $1"
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert city.ask("registry_app", waits, fact_id)
    assert asyncio.run(durables()) == {"registry", "recognition", "events", "notifier"}
    city.execute("registry_app", "delete from outbox")


def test_copies_in_doubt_are_told_again(city: City) -> None:
    person_id = city.add_person()
    city.execute(
        "recognition_app",
        """
        insert into known_person (person_id, version, given_name, family_name, has_email)
        values ($1, 1, 'Falsch', 'Geschrieben', false)
        """,
        person_id,
    )

    rebuilt = city.run("rebuild", "--copies", "--json")

    body = city.ask("registry_app", "select body from outbox where aggregate_id = $1", person_id)
    version = city.ask(
        "recognition_app", "select version from known_person where person_id = $1", person_id
    )
    assert rebuilt.exit_code == 0, rebuilt.stderr
    told = json.loads(rebuilt.stdout)
    assert told["facts"].keys() == set(SERVICES)
    assert told["told"] >= 1
    assert json.loads(body) == {"version": 1, "person_id": str(person_id)}
    assert version == 0
    city.execute("recognition_app", "delete from known_person")
    city.execute("registry_app", "delete from outbox")


async def _provisioner(city: City) -> Client:
    return await sign_in(
        city.stack.notes.nats_url, city.stack.notes.bus_keys, permissions.PROVISIONER
    )
