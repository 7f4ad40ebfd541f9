"""Tells a running server about a new or changed account."""

from typing import Any

import msgspec
from nats.aio.client import Client

from deploy.nats.identity import Identity, issue

ANSWER_SECONDS = 5


class ClaimsRefused(RuntimeError):
    """The server did not take an account's claims; the message is the server's reason."""


async def push_account(system: Client, token: str) -> None:
    """Make an account known, or changed, on the running server; it takes effect at once.

    Args:
        system: connection of the system user.
        token: the account's claims, signed by the operator.

    Raises:
        ClaimsRefused: the server answered with a reason.
    """
    await _request(system, "$SYS.REQ.CLAIMS.UPDATE", token)


async def delete_account(system: Client, operator: Identity, account_key: str) -> None:
    """Make the running server forget an account; its connections end at once.

    Raises:
        ClaimsRefused: the server answered with a reason.
    """
    claims = {"type": "generic", "accounts": [account_key]}
    token = issue(operator, operator.public_key, "delete", claims)
    await _request(system, "$SYS.REQ.CLAIMS.DELETE", token)


async def _request(system: Client, subject: str, token: str) -> None:
    reply = await system.request(subject, token.encode(), timeout=ANSWER_SECONDS)
    answer: dict[str, Any] = msgspec.json.decode(reply.data)
    if "error" in answer:
        raise ClaimsRefused(answer["error"].get("description", str(answer["error"])))
