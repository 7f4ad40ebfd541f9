"""The operator's commands and the services' processes work behind TLS as they do without."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.backup import tunnel
from deploy.local.ports import free_port
from deploy.local.server import Server
from deploy.nats import accounts
from deploy.nats.config import Place
from shared import inner_tls
from tests.conftest import ROOT
from tests.deploy.tls.city import City
from tests.deploy.tls.servers import Certificates, start_nats
from tests.waiting import until

CANCEL: Final = (80877102).to_bytes(4, "big")
"""What a request to cancel begins with. Source: PostgreSQL 18, 54.7, CancelRequest."""


async def test_status_reaches_both_servers_and_sees_how_old_their_certificates_are(
    ready: City,
) -> None:
    state = json.loads(await ready.operate("status", "--json"))

    ages = state["host"]["inner_certificate_seconds"]
    assert state["problems"] == []
    assert set(ages) == {"postgres", "nats"}
    assert all(396 < seconds / 86_400 < 397 for seconds in ages.values())


async def test_status_says_that_a_server_could_not_prove_itself(
    ready: City, strange: Certificates
) -> None:
    said = await ready.operate("status", "--json", code=1, EHRENSACHE_INNER_CA=strange.authority)

    [bus, database, *_] = json.loads(said)["problems"]
    assert "EHRENSACHE_INNER_CA: [SSL: CERTIFICATE_VERIFY_FAILED]" in bus
    assert "EHRENSACHE_INNER_CA: [SSL: CERTIFICATE_VERIFY_FAILED]" in database


@pytest.mark.parametrize(
    ("text", "said"), [(None, "No such file"), ("geheim", "holds no certificate in PEM")]
)
async def test_a_missing_authority_ends_a_command_and_is_named(
    ready: City, tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "authority.pem"
    if text is not None:
        file.write_text(text)

    printed = await ready.operate("status", code=1, EHRENSACHE_INNER_CA=str(file))

    assert "EHRENSACHE_INNER_CA" in printed
    assert said in printed


async def test_a_backup_is_made_and_comes_back_through_tls(ready: City, tmp_path: Path) -> None:
    recipient = (await ready.operate("backup-key", str(tmp_path / "key"))).strip()
    shelf = ("--in", str(tmp_path / "shelf"))
    made = await ready.operate("backup", "--recipient", recipient, *shelf)

    said = await ready.operate(
        "restore", made.strip(), "--identity", str(tmp_path / "key"), "--verify"
    )

    assert "The backup is whole" in said


async def test_a_backup_from_a_server_that_cannot_prove_itself_says_why(
    ready: City, strange: Certificates, tmp_path: Path
) -> None:
    recipient = (await ready.operate("backup-key", str(tmp_path / "key"))).strip()
    shelf = ("--in", str(tmp_path / "shelf"))

    said = await ready.operate(
        "backup", "--recipient", recipient, *shelf, code=4, EHRENSACHE_INNER_CA=strange.authority
    )

    assert "CERTIFICATE_VERIFY_FAILED" in said


async def test_a_worker_becomes_ready_and_one_with_another_authority_ends(
    ready: City, strange: Certificates
) -> None:
    port = free_port(None)
    working = await _process("worker", ready.variables(EHRENSACHE_HEALTH_PORT=str(port)))
    async with httpx.AsyncClient(trust_env=False) as client:

        async def is_ready() -> bool:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError:
                return False
            return answer.is_success and all(answer.json().values())

        await until(is_ready, seconds=30)
    working.terminate()
    await working.communicate()

    refused = await _process("worker", ready.variables(EHRENSACHE_INNER_CA=strange.authority))
    async with asyncio.timeout(30):
        _, said = await refused.communicate()

    assert working.returncode == 0
    assert refused.returncode == 1
    assert b"EHRENSACHE_INNER_CA: PostgreSQL's certificate is not accepted" in said


async def test_an_api_with_another_authority_names_what_is_wrong(
    ready: City, strange: Certificates
) -> None:
    variables = ready.variables(
        EHRENSACHE_INNER_CA=strange.authority, EHRENSACHE_HTTP_PORT=str(free_port(None))
    )
    refused = await _process("api", variables)
    assert refused.stderr is not None
    said = b""
    async with asyncio.timeout(30):
        while b"EHRENSACHE_INNER_CA: PostgreSQL's certificate is not accepted" not in said:
            line = await refused.stderr.readline()
            assert line, said.decode()
            said += line
    if refused.returncode is None:
        refused.terminate()
    await refused.communicate()


async def test_servers_of_a_cluster_speak_tls_and_send_a_stranger_away(
    tmp_path: Path, certificates: Certificates, strange: Certificates
) -> None:
    known = accounts.ensure(tmp_path / "bus")
    monitoring = free_port(None)

    def joining(number: int, of: Certificates) -> Server:
        home = tmp_path / str(number)
        place = Place(
            name=f"nats-{number}",
            host=f"127.0.0.{number}",
            store=home,
            port=free_port(None),
            monitoring_port=monitoring if number == 1 else free_port(None),
            nodes=("127.0.0.1",),
            cluster_password="unter-uns",
            tls=of.shown("nats"),
        )
        return start_nats(home, place, known)

    async with httpx.AsyncClient(trust_env=False) as client:

        async def others() -> set[str]:
            answer = await client.get(f"http://127.0.0.1:{monitoring}/routez")
            return {one["remote_name"] for one in answer.json()["routes"]}

        servers = [joining(1, certificates), joining(2, certificates), joining(3, strange)]
        await until(lambda: "certificate" in (tmp_path / "3" / "nats.log").read_text())
        known_to_the_first = await until(others)
    for server in servers:
        server.stop()

    assert known_to_the_first == {"nats-2"}


async def _process(kind: str, variables: dict[str, str]) -> asyncio.subprocess.Process:
    kept = {name: value for name, value in os.environ.items() if "EHRENSACHE" not in name}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.events", kind),
        cwd=ROOT,
        env={**kept, **variables},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_request_to_cancel_a_backup_has_no_answer_and_ends(ready: City) -> None:
    at = inner_tls.secured(ready.postgres.superuser_url(), ready.certificates.authority)
    nobody = bytes(8)
    async with tunnel.reaching(at) as url:
        [folder] = parse_qs(urlsplit(url).query)["host"]
        socket = f"{folder}/.s.PGSQL.{ready.postgres.port}"
        reader, writer = await asyncio.open_unix_connection(socket)
        writer.write((16).to_bytes(4, "big") + CANCEL + nobody)
        async with asyncio.timeout(20):
            answer = await reader.read()
        writer.close()

    assert answer == b""
