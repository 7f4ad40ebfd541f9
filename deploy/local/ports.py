"""Chooses ports that nothing else listens on."""

import secrets
import socket

HOST = "127.0.0.1"
QUIET_PORTS = range(20_000, 32_000)
"""Below those that the system gives to outgoing connections: a server that is started a moment
later, or again after a crash, finds its port still free."""


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if nothing listens on it, otherwise any free one."""
    if preferred is not None and _is_free(preferred):
        return preferred
    while True:
        port = secrets.choice(QUIET_PORTS)
        if _is_free(port):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
