"""Lists the parts of the local run and how each is started."""

import os
import shutil
import sys
from pathlib import Path

from deploy.local.environment import CLIENT_ID, Surroundings, inherited, of_gateway, of_service
from deploy.local.failure import PartFailed
from deploy.local.layout import ROOT, Layout
from deploy.local.nats import Nats
from deploy.local.part import Command, Launch, Layer, Part, Running, answers
from deploy.local.postgres import Postgres
from deploy.postgres.roles import SERVICES

CADDY = ROOT / "deploy" / "caddy"
PORT_TAKEN = (
    "if another program took its port, end that program or run `make up` again: it then takes "
    "another port"
)
REPORT = "the log says why; `make up` again, or `make reset` to begin with empty data"


def postgres(layout: Layout, port: int, *, durable: bool) -> Part:
    """Describe PostgreSQL."""

    def start(_launch: Launch) -> Running:
        server = Postgres.start(layout.postgres, port, durable=durable)
        return _kept_its_port("postgres", server, server.port, port)

    log = layout.postgres / "postgres.log"
    return Part(name="postgres", layer=Layer.STORE, start=start, log=log, remedy=PORT_TAKEN)


def nats(layout: Layout, around: Surroundings) -> Part:
    """Describe NATS."""
    ports = around.addresses.ports

    def start(_launch: Launch) -> Running:
        server = Nats.start(
            layout.nats,
            around.accounts,
            ports["nats"],
            ports["nats_monitoring"],
            ports["nats_websocket"],
        )
        return _kept_its_port("nats", server, server.port, ports["nats"])

    log = layout.nats / "nats.log"
    return Part(name="nats", layer=Layer.STORE, start=start, log=log, remedy=PORT_TAKEN)


def mailbox(layout: Layout, around: Surroundings) -> Part:
    """Describe the mailbox."""
    http_port, smtp_port = around.addresses.ports["mailbox"], around.addresses.ports["smtp"]
    log = layout.logs / "mailbox.log"
    command = Command(
        name="mailbox",
        arguments=[
            *(sys.executable, "-m", "deploy.local.mailbox", "--folder", layout.mails),
            *("--http-port", str(http_port), "--smtp-port", str(smtp_port)),
        ],
        log=log,
        is_ready=lambda: answers(http_port, "/"),
        environment=inherited(),
    )
    layer = Layer.HELPER
    return Part(name="mailbox", layer=layer, start=command.start, log=log, remedy=PORT_TAKEN)


def openid(layout: Layout, around: Surroundings) -> Part:
    """Describe the OpenID provider."""
    port = around.addresses.ports["openid"]
    log = layout.logs / "openid.log"
    command = Command(
        name="openid",
        arguments=[
            *(sys.executable, "-m", "deploy.local.openid", "--port", str(port)),
            *("--client-id", CLIENT_ID, "--client-secret-file", around.keys.openid_client),
            *("--public-url", around.addresses.gateway),
        ],
        log=log,
        is_ready=lambda: answers(port, "/.well-known/openid-configuration"),
        environment=inherited(),
    )
    layer = Layer.HELPER
    return Part(name="openid", layer=layer, start=command.start, log=log, remedy=PORT_TAKEN)


def gateway(layout: Layout, around: Surroundings) -> Part:
    """Describe the gateway."""
    port = around.addresses.ports["gateway"]
    log = layout.logs / "gateway.log"
    command = Command(
        name="gateway",
        arguments=[_caddy(), "run", "--adapter", "caddyfile", "--config", CADDY / "Caddyfile"],
        log=log,
        is_ready=lambda: answers(port, "/livez"),
        environment=of_gateway(around, CADDY, layout.notes / "caddy"),
    )
    layer = Layer.GATEWAY
    return Part(name="gateway", layer=layer, start=command.start, log=log, remedy=PORT_TAKEN)


def services(layout: Layout, around: Surroundings) -> list[Part]:
    """Describe the two processes of each service."""
    return [
        _service(service, process, layout, around)
        for service in SERVICES
        for process in ("api", "worker")
    ]


def _service(service: str, process: str, layout: Layout, around: Surroundings) -> Part:
    name = f"{service}-{process}"
    port = around.addresses.ports[name]
    log = layout.logs / f"{name}.log"
    command = Command(
        name=name,
        arguments=[sys.executable, "-m", f"services.{service}", process],
        log=log,
        is_ready=lambda: answers(port, "/readyz"),
        environment=of_service(service, around),
    )
    layer = Layer.API if process == "api" else Layer.WORKER
    return Part(name=name, layer=layer, start=command.start, log=log, remedy=REPORT)


def _kept_its_port(part: str, server: Running, port: int, wished: int) -> Running:
    if port != wished:
        server.stop()
        raise PartFailed(part, f"its port {wished} was taken by another program", PORT_TAKEN)
    return server


def _caddy() -> str | Path:
    beside_python = Path(sys.executable).parent / "caddy"
    found = os.fspath(beside_python) if beside_python.exists() else shutil.which("caddy")
    if found is None:
        raise RuntimeError("Caddy is not installed: install the extra 'local'")
    return found
