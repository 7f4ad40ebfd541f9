"""Chooses ports that nothing else listens on."""

import secrets
import socket
import sys
import time

HOST = "127.0.0.1"
QUIET_PORTS = range(20_000, 32_000)
"""Below those that the system gives to outgoing connections: a server that is started a moment
later, or again after a crash, finds its port still free."""


PATIENCE_SECONDS = 3.0
"""How long a port that was ours a moment ago may take to be free again on a busy machine."""


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if it is free now or soon, otherwise any free one.

    Any other one is given to nobody else while this process runs, also before anything listens.
    """
    if preferred is not None and is_free(preferred, until=soon()):
        return preferred
    while True:
        port = secrets.choice(QUIET_PORTS)
        if is_free(port) and _reserve(port):
            return port


def _reserve(port: int) -> bool:
    """Hold a name for the port until this process ends; False if it is held already."""
    if sys.platform != "linux":  # elsewhere names of sockets are files, which would stay
        return True
    guard = socket.socket(socket.AF_UNIX)
    try:
        guard.bind(f"\0ehrensache-port-{port}")
    except OSError:
        guard.close()
        return False
    guard.detach()
    return True


def soon() -> float:
    """Return the moment, of `time.monotonic`, until which ports of an earlier run are waited for.

    Whoever asks for several waits for all of them together.
    """
    return time.monotonic() + PATIENCE_SECONDS


def is_free(port: int, *, until: float = 0.0) -> bool:
    """Tell whether nothing listens on a port, or nothing any more before that moment has come."""
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
