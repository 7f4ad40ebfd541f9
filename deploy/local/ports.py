"""Chooses ports that nothing else listens on."""

import secrets
import socket
import time

HOST = "127.0.0.1"
QUIET_PORTS = range(20_000, 32_000)
"""Below those that the system gives to outgoing connections: a server that is started a moment
later, or again after a crash, finds its port still free."""


PATIENCE_SECONDS = 3.0
"""How long a port that was ours a moment ago may take to be free again on a busy machine."""


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if it is free now or soon, otherwise any free one."""
    if preferred is not None and _is_free_soon(preferred):
        return preferred
    while True:
        port = secrets.choice(QUIET_PORTS)
        if _is_free(port):
            return port


def _is_free_soon(port: int) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not _is_free(port):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
