"""What the exporter tells Prometheus, with servers that live and servers that are away."""

import asyncio
import math
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from deploy.backup import shelf
from deploy.backup.manifest import Manifest
from deploy.cli import problems
from deploy.cli.figures import KIT, OWN, Database, Figure
from deploy.cli.host import certificate_seconds
from deploy.cli.state import HostState, ServiceState, StreamState
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


def test_backups_that_are_old_or_untried_are_told(stack: Stack, tmp_path: Path) -> None:
    told = exported({**named(stack), "EHRENSACHE_BACKUPS": str(tmp_path)})
    folder = shelf.begin(tmp_path, datetime.now(UTC))
    made = datetime.now(UTC) - timedelta(hours=30)
    empty = Manifest(made_at=made, version="0.1.0", rows={}, audit_heads={}, erased=[], files=[])
    backup = shelf.finish(folder, empty)
    shelf.note_brought_back(backup)
    now = datetime.now(UTC)
    old = HostState(
        backup_seconds=shelf.newest_seconds(tmp_path, now),
        restore_test_seconds=shelf.tried_seconds(tmp_path, now),
    )
    (backup.folder / "manifest.json").write_text("{")
    lost = HostState(backup_seconds=shelf.newest_seconds(tmp_path, now))

    assert told["backup_seconds", ()] == math.inf
    assert told["restore_test_seconds", ()] == math.inf
    assert problems.of_host(old, []) == ["the newest backup is 30 h old"]
    assert problems.of_host(lost, []) == ["there is no backup"]


async def test_the_certificate_is_looked_at_where_it_is_shown(tmp_path: Path) -> None:
    keys = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ehrenamt.example")])
    now = datetime.now(UTC)
    shown = (
        x509.CertificateBuilder(name, name, keys.public_key(), 1, now, now + timedelta(days=20))
    ).sign(keys, hashes.SHA256())
    file = tmp_path / "site.pem"
    file.write_bytes(
        shown.public_bytes(Encoding.PEM)
        + keys.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    server = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0, ssl=context)
    at = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    left = await certificate_seconds("https://ehrenamt.example", at)
    server.close()

    assert left is not None
    assert problems.of_host(HostState(certificate_seconds=left), []) == [
        "the website's certificate ends in 20 days"
    ]
    assert await certificate_seconds("https://ehrenamt.example", "") is None
    with pytest.raises(OSError, match="Connect"):
        await certificate_seconds("https://ehrenamt.example", "127.0.0.1:9")


def test_what_is_nearly_full_is_a_problem() -> None:
    host = HostState(database=Database(81, 100, 0), volumes={"nats": 0.05})
    streams = [StreamState("FACTS", 1, 90, 100), StreamState("ENDLESS", 1, 90, 0)]

    assert problems.of_host(host, streams) == [
        "the stream FACTS is 90% full; full, it takes nothing",
        "PostgreSQL: 81 of 100 connections are taken",
        "the disk of nats is 95% full",
    ]


def test_figures_above_their_limits_and_timers_that_stand_still_are_problems() -> None:
    figures = [
        Figure("place_drift", "", 2),
        Figure("timer_age_seconds", "lapse_offers", 311),
        Figure("timer_interval_seconds", "lapse_offers", 5),
        Figure("timer_age_seconds", "forget_links", 7_499),
        Figure("timer_interval_seconds", "forget_links", 3_600),
        Figure("mail_oldest_seconds", "personal", 901),
        Figure("mail_oldest_seconds", "bulk", 90_000),
    ]
    service = ServiceState("recognition", 0, 0.0, 0, 0, 0, 0, 0.0, figures=figures)

    assert problems.of_services([service]) == [
        "recognition: the timer lapse_offers has done nothing for 311 s",
        "recognition: 2 places of concerts are counted wrongly",
        "recognition: a mail to a person has been due for 901 s",
    ]
