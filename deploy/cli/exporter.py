"""`ehrensache exporter`: tells Prometheus how everything is, also when the services are dead."""

import asyncio
import signal
from typing import Annotated, Final

import typer

from deploy.cli.checks import look
from deploy.cli.metrics import exposed
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.state import State
from deploy.cli.terminal import err
from shared import health
from shared.health import Readiness

FRESH_SECONDS: Final = 5.0
"""How old an answer may be that is given again: the system is not asked more often."""


def exporter(
    host: Annotated[str, typer.Option(help="Address to answer on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of /metrics and /livez.")] = 9188,
) -> None:
    """Answer /metrics with what `ehrensache status` knows, until SIGTERM or Ctrl-C.

    It may look at everything and change nothing: in PostgreSQL and NATS it is `observer`.
    """
    asyncio.run(_serve(operator(), host, port))


exporter.__doc__ = f"{exporter.__doc__}\n\n{VARIABLES}"


class _Looking:
    """Looks at the system when it is asked, one look at a time."""

    def __init__(self, target: Operator) -> None:
        self._target = target
        self._turn = asyncio.Lock()
        self._seen: State | None = None
        self._stale_at = 0.0

    async def metrics(self) -> bytes:
        """Return the metrics of this moment, or of a moment ago."""
        return exposed(await self._look())

    async def readiness(self) -> Readiness:
        """Say which of the servers answer."""
        state = await self._look()
        host = state.host
        return Readiness(database=host.database is not None, nats=host.nats_answers)

    async def _look(self) -> State:
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if self._seen is None or now >= self._stale_at:
                self._seen = await look(self._target)
                self._stale_at = now + FRESH_SECONDS
            return self._seen


async def _serve(target: Operator, host: str, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    looking = _Looking(target)
    listening = await health.serve(host, port, looking.readiness, looking.metrics)
    address = listening.sockets[0].getsockname()
    err.print(f"http://{address[0]}:{address[1]}/metrics")
    await stopping.wait()
    listening.close()
