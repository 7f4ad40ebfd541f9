"""Starts one of a service's two processes: `api` answers HTTP, `worker` does all the rest.

Each loads only what it needs: the worker no routes, and the process that watches over the api's
neither. A service has its application in `app.api` and its worker's pieces in `worker.WORKER`.
"""

import sys
from importlib import import_module

from shared.memory import UNUSED, leave_out
from shared.settings import ServiceSettings, from_environment

USAGE = 64
"""Exit code, EX_USAGE."""
KILL_SECONDS = 8
"""How long requests in hand may take to end; less than the ten that containers are granted."""


def main(service: str, settings: type[ServiceSettings]) -> None:
    """Run `python -m services.<service> api | worker` until SIGTERM or SIGINT."""
    process = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004 - the word after the module
    if process not in UNUSED:
        sys.stderr.write(f"usage: python -m services.{service} api | worker\n")
        sys.exit(USAGE)
    known = from_environment(settings)
    leave_out(UNUSED[process])
    _log(service, process)
    if process == "api":
        _serve(service, known)
    else:
        _work(service, known)


def _log(service: str, process: str) -> None:
    from shared.telemetry import start_logging

    start_logging(service, process)


def _serve(service: str, settings: ServiceSettings) -> None:
    from granian import Granian
    from granian.constants import Interfaces, Loops

    Granian(
        f"services.{service}.app:api",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=settings.http_host,
        port=settings.http_port,
        workers=settings.http_processes,
        websockets=False,
        backpressure=512,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_enabled=False,
    ).serve()


def _work(service: str, settings: ServiceSettings) -> None:
    from shared.worker import run

    run(service, settings, import_module(f"services.{service}.worker").WORKER)
