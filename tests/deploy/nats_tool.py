"""Understands of the `nats` tool what the guide for partners uses, where that tool is not at hand.

Commands, flags and their meaning are those of natscli (cli/sub_command.go, cli/req_command.go):
global `--creds` and `--server`; `subscribe SUBJECT`; `request SUBJECT BODY` with `-H NAME:VALUE`.
Anything else is refused.
"""

import argparse
import asyncio
import sys

import nats
from nats.aio.client import Client

TIMEOUT_SECONDS = 5
"""What the tool waits for a reply."""


def asked() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="nats", allow_abbrev=False)
    parser.add_argument("--creds", required=True)
    parser.add_argument("--server", required=True)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("subscribe").add_argument("subject")
    request = commands.add_parser("request", allow_abbrev=False)
    request.add_argument("subject")
    request.add_argument("body")
    request.add_argument("-H", dest="headers", action="append", default=[])
    return parser.parse_args()


async def subscribe(client: Client, subject: str) -> None:
    """Print what comes, until it is ended."""
    messages = await client.subscribe(subject)
    await client.flush()
    sys.stderr.write(f"Subscribing on {subject}\n")
    async for message in messages.messages:
        sys.stdout.write(f"{message.data.decode()}\n")
        sys.stdout.flush()


async def request(client: Client, subject: str, body: str, headers: list[str]) -> None:
    """Send a message and print the reply."""
    pairs = (header.split(":", 1) for header in headers)
    sent = {name.strip(): value.strip() for name, value in pairs}
    reply = await client.request(subject, body.encode(), TIMEOUT_SECONDS, headers=sent)
    sys.stdout.write(f"{reply.data.decode()}\n")


async def main() -> None:
    """Do what the command line says."""
    given = asked()
    client = await nats.connect(given.server, user_credentials=given.creds)
    if given.command == "subscribe":
        await subscribe(client, given.subject)
    else:
        await request(client, given.subject, given.body, given.headers)
    await client.close()


if __name__ == "__main__":
    asyncio.run(main())
