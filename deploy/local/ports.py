"""Chooses ports that nothing else listens on."""

import socket

HOST = "127.0.0.1"


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if nothing listens on it, otherwise any free one."""
    if preferred is not None and _is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
