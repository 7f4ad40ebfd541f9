"""Starts one of a service's two processes: `api` answers HTTP, `worker` does all the rest.

Each loads only what it needs: the worker no routes, and the process that watches over the api's
neither. A service has its application in `app.api` and its worker's pieces in `worker.WORKER`.
"""

import asyncio
import logging
import signal
import sys
from functools import partial
from importlib import import_module
from typing import Any

from shared.memory import UNUSED, leave_out
from shared.settings import ServiceSettings, from_environment

USAGE = 64
"""Exit code, EX_USAGE."""
KILL_SECONDS = 7
"""How long requests in hand may take to end. Containers are granted ten, of which a busy machine
needs some for the processes themselves."""
SERVER = "_granian"
"""What the HTTP server calls its logger."""


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
    from granian.log import LogLevels

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
        log_level=LogLevels.warning,
        log_dictconfig={"handlers": {}, "loggers": {SERVER: {"propagate": True}}},
    ).serve(target_loader=partial(_load, service, settings), wrap_loader=False)


def _load(service: str, settings: ServiceSettings) -> Any:
    """Load the application, in a process of its own, as soon as its database is there.

    This process is a copy of the one that watches over it and would hear signals as that one does,
    to no effect: until the server listens to them, they simply end it. What becomes of it, the
    other one logs; what the server here would log may quote a request.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    logging.getLogger(SERVER).setLevel(logging.CRITICAL + 1)
    asyncio.run(_see_database(service, settings))
    return import_module(f"services.{service}.app").api()


async def _see_database(service: str, settings: ServiceSettings) -> None:
    from shared.database import close_pool, open_pool_patiently

    await close_pool(await open_pool_patiently(service, "api", settings))


def _work(service: str, settings: ServiceSettings) -> None:
    from shared.worker import run

    run(service, settings, import_module(f"services.{service}.worker").WORKER)
