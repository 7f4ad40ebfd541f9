"""What the exporter tells Prometheus, with servers that live and servers that are away."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from deploy.cli.figures import KIT, OWN
from deploy.local.stack import Stack, Wishes
from tests.conftest import SERVICES, TEMPLATE, Migrated

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def stack(servers_directory: Path) -> Iterator[Stack]:
    with Stack(servers_directory / "exporter", Wishes(services=(), durable=False)) as stack:
        yield stack


def named(stack: Stack) -> dict[str, str]:
    """The variables that name the stack's servers."""
    known = stack.notes
    return {
        "EHRENSACHE_POSTGRES": known.postgres,
        "EHRENSACHE_PASSWORDS": str(known.passwords),
        "EHRENSACHE_NATS_URL": known.nats_url,
        "EHRENSACHE_BUS_KEYS": str(known.bus_keys),
        "EHRENSACHE_NATS_MONITORING": known.nats_monitoring,
        "EHRENSACHE_VOLUMES": f"data={stack.layout.data} lost=/nowhere",
        "EHRENSACHE_HEALTH": "away=http://127.0.0.1:9",
    }


def exported(variables: dict[str, str]) -> Samples:
    """Start an exporter, ask it once, and stop it."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("ehrensache"), "exporter", "--port", "0"],
        env={**os.environ, **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process:
        address = process.stderr.readline().strip()
        text = httpx.get(address, timeout=30, trust_env=False).text
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    families = text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
    return {
        (
            sample.name.removeprefix("ehrensache_"),
            tuple(sorted(sample.labels.items())),
        ): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_exporter_says_how_everything_is(stack: Stack) -> None:
    samples = exported(named(stack))

    assert samples["postgres_up", ()] == 1
    assert samples["nats_up", ()] == 1
    assert samples["nats_healthy", ()] == 1
    assert samples["process_ready", (("process", "away"),)] == 0
    assert samples["outbox_unpublished", (("service", "events"),)] == 0
    assert samples["facts_pending", (("service", "notifier"),)] == 0
    assert samples["stream_most_bytes", (("stream", "FACTS"),)] == 4 * 1024**3
    assert 0 < samples["volume_free_part", (("volume", "data"),)] <= 1
    assert samples["volume_free_part", (("volume", "lost"),)] == 0
    assert samples["problems", ()] == 2


def test_a_server_that_is_away_is_said_and_hides_nothing_of_the_other(stack: Stack) -> None:
    without_postgres = exported({**named(stack), "EHRENSACHE_POSTGRES": "127.0.0.1:9"})
    without_nats = exported({**named(stack), "EHRENSACHE_NATS_URL": "nats://127.0.0.1:9"})

    assert without_postgres["postgres_up", ()] == 0
    assert ("outbox_unpublished", (("service", "events"),)) not in without_postgres
    assert without_postgres["facts_pending", (("service", "events"),)] == 0
    assert without_nats["nats_up", ()] == 0
    assert ("facts_pending", (("service", "events"),)) not in without_nats
    assert without_nats["outbox_unpublished", (("service", "events"),)] == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_every_figure_is_explained_and_every_explanation_has_a_figure(
    service: str, postgres: Migrated
) -> None:
    connection = await asyncpg.connect(postgres.url(f"{service}_owner", TEMPLATE))
    for view, explained in (("kit_figure", KIT), ("own_figure", OWN[service])):
        text = await connection.fetchval("select pg_get_viewdef($1::regclass)", view)

        assert set(re.findall(r"SELECT '(\w+)'::text", text)) == set(explained)
    await connection.close()
