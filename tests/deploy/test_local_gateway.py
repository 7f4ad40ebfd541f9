"""The gateway: sends every address to its service, and says so kindly when one is away."""

import importlib
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar

from deploy.local import keys
from deploy.local.addresses import USUAL, Addresses
from deploy.local.environment import Surroundings, of_service
from deploy.local.layout import ROOT
from deploy.local.part import answers
from deploy.local.ports import free_port
from deploy.local.server import Program, Server
from deploy.nats import accounts
from deploy.postgres.roles import ROLES, SERVICES

OF_EVERY_SERVICE = {"/livez", "/readyz", "/metrics"}


class Echo(BaseHTTPRequestHandler):
    """Answers with the service's name and what it was sent."""

    service = ""

    def do_GET(self) -> None:
        """Answer a GET."""
        seen = {
            "service": self.service,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        body = msgspec.json.encode(seen)
        self.send_response(418 if self.path == "/teapot" else 200)
        kind = "text/calendar" if self.path.startswith("/kalender") else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("ETag", 'W/"stand-1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:10] if "abbruch" in self.path else body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("gateway")
    upstreams = {
        name: ThreadingHTTPServer(("127.0.0.1", 0), type(name, (Echo,), {"service": name}))
        for name in SERVICES
        if name != "notifier"
    }
    for upstream in upstreams.values():
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
    ports = {name: upstream.server_port for name, upstream in upstreams.items()}
    ports["notifier"] = free_port()
    port = free_port()
    server = Server(_caddy(folder, port, ports))
    with httpx.Client(base_url=f"http://localhost:{port}", timeout=15) as client:
        yield client
    server.stop()
    for upstream in upstreams.values():
        upstream.shutdown()
        upstream.server_close()


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The paths of each service's application, with something in place of parameters."""
    made = keys.ensure(tmp_path_factory.mktemp("keys"))
    addresses = Addresses(dict.fromkeys(USUAL, 1))
    known = accounts.ensure(tmp_path_factory.mktemp("accounts"))
    around = Surroundings(
        addresses=addresses, keys=made, accounts=known, passwords=dict.fromkeys(ROLES, "x")
    )
    return {service: _paths(service, of_service(service, around)) for service in SERVICES}


def _paths(service: str, environment: dict[str, str]) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        built: Litestar = importlib.import_module(f"services.{service}.app").api()
    paths = (re.sub(r"{[^}]*}", "x", route.path) for route in built.routes)
    return {path for path in paths if path not in OF_EVERY_SERVICE and "/static/" not in path}


def _caddy(folder: Path, port: int, upstreams: dict[str, int]) -> Program:
    caddyfile = ROOT / "deploy" / "caddy" / "Caddyfile"
    environment = {
        "HOME": str(folder),
        "EHRENSACHE_GATEWAY_SITE": f"http://:{port}",
        "EHRENSACHE_GATEWAY_BIND": "127.0.0.1",
        "EHRENSACHE_GATEWAY_PATIENCE": "100ms",
        "EHRENSACHE_GATEWAY_PAGES": str(caddyfile.parent),
        **{
            f"EHRENSACHE_{name.upper()}_API": f"127.0.0.1:{upstream}"
            for name, upstream in upstreams.items()
        },
    }
    return Program(
        name="gateway",
        command=[
            *(Path(sys.executable).with_name("caddy"), "run"),
            *("--adapter", "caddyfile", "--config", caddyfile),
        ],
        log=folder / "gateway.log",
        is_ready=lambda _pid: answers(port, "/livez"),
        process_options={"env": environment},
    )


@pytest.mark.parametrize(
    ("service", "paths"),
    [
        (
            "registry",
            (
                "/anmelden /anmelden/zurueck /abmelden /konsole /konsole/ /konsole/personen "
                "/konsole/personen/1 /konsole/organisationen /konsole/importe /konsole/anderes "
                "/konsole/konzertevielleicht /api/registry/v1/people"
            ),
        ),
        (
            "recognition",
            (
                "/konsole/konzerte /konsole/konzerte/1/wellen /einladung /einladung/kommt /e/abc "
                "/tuer /tuer/pruefen /verein /verein/vorschlag /v/abc /api/recognition/v1/guests"
            ),
        ),
        (
            "events",
            (
                "/ /termine /termine/1 /kalender/alle.ics /konsole/termine /konsole/termine/neu "
                "/konsole/partner /konsole/partner/1 /konsole/orte/1 /konsole/veranstalter "
                "/konsole/gremien /konsole/gremien/1 /veranstaltung-melden /kalender/geheim/abc "
                "/api/events/v1/events /robots.txt "
                "/static/kern.css /gibt-es-nicht /einladungen /ebook /tuerkei /vereine"
            ),
        ),
    ],
)
def test_every_address_reaches_its_service(gateway: httpx.Client, service: str, paths: str) -> None:
    reached = {path: gateway.get(path).json()["service"] for path in paths.split()}

    assert reached == dict.fromkeys(paths.split(), service)


@pytest.mark.parametrize("service", ["registry", "recognition", "events"])
def test_every_route_of_a_service_is_reached(
    gateway: httpx.Client, service: str, routes: dict[str, set[str]]
) -> None:
    reached = {path: gateway.get(path).json()["service"] for path in routes[service]}

    assert reached == dict.fromkeys(routes[service], service)


def test_every_route_of_notifier_is_sent_to_notifier(
    gateway: httpx.Client, routes: dict[str, set[str]]
) -> None:
    assert {gateway.get(path).status_code for path in routes["notifier"]} == {503}


def test_a_service_hears_who_really_asks(gateway: httpx.Client) -> None:
    spoofed = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https", "X-Own": "kept"}

    answer = gateway.get("/termine?von=1", headers=spoofed).json()

    assert answer["path"] == "/termine?von=1"
    assert answer["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert answer["headers"]["x-forwarded-proto"] == "http"
    assert answer["headers"]["x-forwarded-host"] == gateway.base_url.netloc.decode()
    assert answer["headers"]["host"] == gateway.base_url.netloc.decode()
    assert answer["headers"]["x-own"] == "kept"


def test_an_answer_comes_back_as_it_was_given(gateway: httpx.Client) -> None:
    answer = gateway.get("/teapot")

    assert answer.status_code == 418
    assert answer.headers["etag"] == 'W/"stand-1"'
    assert "content-encoding" not in answer.headers


def test_a_calendar_passes_as_the_service_has_packed_it(gateway: httpx.Client) -> None:
    answer = gateway.get("/kalender/alle.ics", headers={"X-Padding": "a" * 2000})

    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == 'W/"stand-1"'


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_figures_for_monitoring_are_not_shown_outside(gateway: httpx.Client, path: str) -> None:
    assert gateway.get(path).status_code == 404


def test_a_service_that_is_away_is_explained_to_people(gateway: httpx.Client) -> None:
    answer = gateway.get("/konsole/briefe")

    assert answer.status_code == 503
    assert "gerade nicht erreichbar" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["retry-after"] == "10"


def test_a_service_that_is_away_is_explained_to_programs(gateway: httpx.Client) -> None:
    answer = gateway.get("/api/notifier/v1/letters")

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 503


def test_the_log_tells_of_trouble_and_of_no_link(
    gateway: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        gateway.get("/e/abbruch-geheim?code=geheim")

    logs = [log.read_text() for log in tmp_path_factory.getbasetemp().rglob("gateway.log")]

    assert any("aborting with incomplete response" in log for log in logs)
    assert not any("geheim" in log for log in logs)
