"""python -m deploy.local.openid: serves the provider until it is told to stop."""

import argparse
import logging
import os
import sys
from pathlib import Path

from werkzeug.serving import make_server

from deploy.local.openid.app import QuietRequest, create_app
from deploy.local.openid.guard import RegisteredClient
from deploy.local.ports import HOST


def main() -> None:
    """Read the arguments and serve, on this machine only unless a host is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret-file", type=Path, required=True)
    parser.add_argument("--public-url", required=True)
    given = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s %(message)s")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP, and only on this machine
    client = RegisteredClient(
        client_id=given.client_id,
        client_secret=given.client_secret_file.read_text(encoding="utf-8").strip(),
        public_url=given.public_url.rstrip("/"),
    )
    server = make_server(
        given.host,
        given.port,
        create_app(client),
        threaded=True,
        request_handler=QuietRequest,
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
