"""python -m deploy.local.mailbox: takes and shows mails until it is told to stop."""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from deploy.local.mailbox.app import create_app
from deploy.local.mailbox.smtp import conversation
from deploy.local.mailbox.store import MailStore
from deploy.local.ports import HOST


def main() -> None:
    """Read the arguments and serve, on this machine only unless a host is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # below, it writes down addresses
    asyncio.run(_serve(given, MailStore(given.folder)))


async def _serve(given: argparse.Namespace, store: MailStore) -> None:
    loop = asyncio.get_running_loop()
    taking = await loop.create_server(lambda: conversation(store), given.host, given.smtp_port)
    showing = Server(
        create_app(store, given.http_port),
        address=given.host,
        port=given.http_port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, showing.stop)
    await showing.serve()
    taking.close()


if __name__ == "__main__":
    main()
