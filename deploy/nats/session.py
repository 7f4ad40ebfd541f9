"""Signs the operator's commands in on the bus, or says at once that it is not there."""

from pathlib import Path

import nats
from nats.aio.client import Client

from deploy.nats import permissions
from shared import inner_tls

CONNECT_SECONDS = 5
RETRY_SECONDS = 0.2


async def sign_in(nats_url: str, directory: Path, user: str, authority: str = "") -> Client:
    """Connect as `system` or `provisioner`, with the credentials in the keys' directory.

    Args:
        nats_url: nats://host:port.
        directory: the one that `deploy.nats.accounts.ensure` was given.
        user: whose credentials are used.
        authority: file of who vouches for the server, over TLS; empty: without TLS.

    Raises:
        NoServersError: nothing answers there, also not a moment later.
        nats.errors.Error: the server refuses the credentials.
        AuthorityUnusable: the file holds no certificate.
    """
    tls = inner_tls.context(authority)
    # nats-py knocks two minutes at a closed door, whatever allow_reconnect says, if not told
    # otherwise.
    return await nats.connect(
        nats_url,
        name=f"ehrensache-{user}",
        tls=tls,
        tls_handshake_first=tls is not None,
        user_credentials=str(directory / "users" / f"{user}.creds"),
        inbox_prefix=permissions.inbox_prefix(user).encode(),
        connect_timeout=CONNECT_SECONDS,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=RETRY_SECONDS,
        error_cb=_raised_by_connect,
    )


async def _raised_by_connect(_problem: Exception) -> None:
    """Keep quiet: what goes wrong while connecting is raised, and later requests time out."""
