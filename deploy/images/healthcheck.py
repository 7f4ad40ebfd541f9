"""Asks the process in this container whether it is ready; exit code 0 if it is.

Runs every few seconds beside each process, so it imports as little as can be.
"""

import os
import socket
import sys

SECONDS = 4
PORT = 8000
"""Both processes answer there in an image, see deploy/Dockerfile."""
REQUEST = b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n"


def is_ready(port: int) -> bool:
    """Tell whether the process answers /readyz with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(REQUEST)
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(os.environ.get("EHRENSACHE_HTTP_PORT", PORT))) else 1)
