"""Between the parts everything goes over TLS, or not at all."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from faststream.nats import NatsBroker

from deploy.nats import permissions
from deploy.nats.session import sign_in
from shared import broker as bus
from shared.database import open_pool_patiently
from shared.settings import SettingsMissing
from shared.web.bus import Bus as ApiBus
from tests.conftest import Bus, Database
from tests.deploy.tls.city import City
from tests.deploy.tls.servers import Certificates
from tests.waiting import until

IS_ENCRYPTED = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"


async def test_a_service_reaches_postgres_over_tls(ready: City) -> None:
    pool = await open_pool_patiently("events", "test", ready.settings())

    assert await pool.fetchval(IS_ENCRYPTED) is True
    await pool.close()


async def test_postgres_of_another_authority_stops_the_start(
    ready: City, strange: Certificates
) -> None:
    settings = ready.settings(EHRENSACHE_INNER_CA=strange.authority)

    with pytest.raises(SettingsMissing, match="EHRENSACHE_INNER_CA: PostgreSQL's certificate"):
        await open_pool_patiently("events", "test", settings)


async def test_postgres_without_tls_is_refused(ready: City, database: Database) -> None:
    settings = ready.settings(EHRENSACHE_DATABASE_URL=database.url("events"))

    with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
        await asyncpg.connect(settings.database_url)


async def test_postgres_lets_nobody_in_without_tls(ready: City) -> None:
    plain = ready.settings(EHRENSACHE_INNER_CA="").database_url

    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await asyncpg.connect(plain, ssl=False)


async def test_the_bus_is_reached_over_tls(ready: City) -> None:
    broker = bus.create_broker("events", "test", ready.settings())

    async with closed_by_us(broker):
        client = await bus.connect(broker)
        await client.publish("facts.events.event_published.v1", b"{}")
        await client.flush()
        shown = client._transport._io_writer.get_extra_info("ssl_object")

    assert shown.version() == "TLSv1.3"


@pytest.mark.parametrize("of", ["strange", "plain"])
async def test_a_bus_that_cannot_prove_itself_is_refused(
    ready: City, strange: Certificates, nats_server: Bus, of: str
) -> None:
    at, authority = (
        (ready.nats_url, strange.authority)
        if of == "strange"
        else (nats_server.server.url, ready.certificates.authority)
    )

    with pytest.raises(OSError, match=r"CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER"):
        await sign_in(at, ready.accounts.directory, permissions.OBSERVER, authority)


async def test_a_service_waits_for_a_bus_that_can_prove_itself_and_says_so(
    ready: City, strange: Certificates, capfd: pytest.CaptureFixture[str]
) -> None:
    broker = bus.create_broker(
        "events", "test", ready.settings(EHRENSACHE_INNER_CA=strange.authority)
    )

    async with closed_by_us(broker):
        connecting = asyncio.create_task(bus.connect(broker))
        said = ""
        async with asyncio.timeout(20):
            while "EHRENSACHE_INNER_CA" not in said:
                await asyncio.sleep(0.05)
                said += "".join(capfd.readouterr())
        assert not connecting.done()
        connecting.cancel()

    assert "nats_error" in said


async def test_the_bus_lets_nobody_in_without_tls(ready: City) -> None:
    at = urlsplit(ready.nats_url)

    with socket.create_connection((at.hostname, at.port), timeout=10) as plain:
        plain.sendall(b'CONNECT {"verbose":false}\r\nPING\r\n')
        answer = plain.recv(64)

    assert not answer.startswith((b"INFO", b"PONG"))


async def test_an_api_reaches_the_bus_over_tls_and_names_what_is_wrong(
    ready: City, strange: Certificates, capfd: pytest.CaptureFixture[str]
) -> None:
    api = ApiBus("events", ready.settings())
    api.open()
    await until(lambda: api.is_connected)
    shown = api._client._transport._io_writer.get_extra_info("ssl_object")
    await api.close()

    refused = ApiBus("events", ready.settings(EHRENSACHE_INNER_CA=strange.authority))
    refused.open()
    await until(lambda: "EHRENSACHE_INNER_CA" in "".join(capfd.readouterr()))
    reached = refused.is_connected
    await refused.close()

    assert shown.version() == "TLSv1.3"
    assert not reached


@asynccontextmanager
async def closed_by_us(broker: NatsBroker) -> AsyncIterator[None]:
    """Close the connection at the end, which for a service would be the end of its process."""
    bus.closing.by_ourselves = True
    try:
        yield
    finally:
        await broker.stop()
        bus.closing.by_ourselves = False
