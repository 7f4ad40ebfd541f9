"""Keeps the operator, the platform's accounts and users, and each partner's account, as files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from deploy.nats import permissions
from deploy.nats.identity import (
    UNLIMITED,
    Identity,
    credentials_text,
    issue,
    keep_identity,
    new_identity,
    read_claims,
    says_the_same,
    token_in,
    write_secret,
)

MEGABYTE = 1024 * 1024
SYSTEM = "SYS"
PLATFORM = "PLATFORM"
SYSTEM_USER = "system"

NOTHING_STORED = {"mem_storage": 0, "disk_storage": 0, "streams": 0, "consumer": 0}
STORES = {
    "mem_storage": 0,
    "disk_storage": 16 * 1024 * MEGABYTE,
    "streams": 500,
    "consumer": 1000,
    "max_bytes_required": True,
}
CONNECTS_FREELY = {
    "subs": UNLIMITED,
    "data": UNLIMITED,
    "payload": UNLIMITED,
    "imports": UNLIMITED,
    "exports": UNLIMITED,
    "conn": UNLIMITED,
    "leaf": 0,
    "wildcards": True,
}
PARTNER_LIMITS = {
    "subs": 50,
    "data": UNLIMITED,
    "payload": UNLIMITED,
    "imports": 2,
    "exports": 0,
    "conn": 10,
    "leaf": 0,
    "wildcards": False,
    **NOTHING_STORED,
}
EXPORTS = (
    {
        "name": "items that partners publish",
        "subject": "partner.*.>",
        "type": "service",
        "response_type": "Singleton",
        "account_token_position": 2,
    },
    {
        "name": "receipts for partners",
        "subject": "receipt.*.>",
        "type": "stream",
        "account_token_position": 2,
    },
)


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """What a server and its clients are given; the seeds stay in the directory."""

    directory: Path
    operator_token: str
    system_account: str
    """Public key of the account from which accounts are pushed to the running server."""
    platform_account: str
    """Public key of the account that the services share."""
    preload: dict[str, str]
    """Account tokens by public key that the server knows from its configuration."""

    def credentials_file(self, user: str) -> Path:
        """Return the .creds file of a service, of `provisioner`, `observer` or `system`."""
        return _credentials_file(self.directory, user)


def ensure(directory: Path, copies: int = 1) -> Accounts:
    """Return operator, accounts and users; whatever is missing in the directory is made.

    A second run leaves keys as they are, and tokens too unless what they say has changed.
    All files are readable by their owner only. Keep `operator.seed` away from the server.

    Args:
        directory: holds seeds, tokens and credentials.
        copies: on how many servers of a cluster each stream is kept; all of them count.
    """
    stores = {**STORES, "disk_storage": copies * STORES["disk_storage"]}
    operator = keep_identity(directory / "operator.seed", "operator")
    system = keep_identity(directory / "system.seed", "account")
    platform = keep_identity(directory / "platform.seed", "account")
    _keep_user(directory, system, SYSTEM_USER, {"pub": {}, "sub": {}})
    for user, allowed in permissions.of_everybody().items():
        _keep_user(directory, platform, user, allowed.claims())
    return Accounts(
        directory=directory,
        operator_token=_keep_token(
            directory / "operator.jwt",
            issue(
                operator,
                operator.public_key,
                "Ehrensache",
                {"type": "operator", "system_account": system.public_key},
            ),
        ),
        system_account=system.public_key,
        platform_account=platform.public_key,
        preload={
            system.public_key: _keep_account(
                directory / "system.jwt", operator, system, SYSTEM, NOTHING_STORED
            ),
            platform.public_key: _keep_account(
                directory / "platform.jwt", operator, platform, PLATFORM, stores
            ),
        },
    )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a partner may sign in, and with which credentials."""

    is_suspended: bool = False
    revoked_until: int = 0
    """Credentials issued up to this Unix time are refused."""


def partner_account_token(directory: Path, name: str, account: Identity, standing: Standing) -> str:
    """Return the claims of a partner's account, signed by the operator.

    Args:
        directory: the one that `ensure` was given.
        name: of the partner, for people who read it.
        account: the partner's own.
        standing: what `read_standing` gives back.
    """
    platform = keep_identity(directory / "platform.seed", "account").public_key
    limits = PARTNER_LIMITS | ({"conn": 0} if standing.is_suspended else {})
    claims: dict[str, Any] = {
        "type": "account",
        "limits": limits,
        "imports": [
            {
                "name": "publish items",
                "account": platform,
                "subject": f"partner.{account.public_key}.>",
                "local_subject": "publish.>",
                "type": "service",
            },
            {
                "name": "receipts",
                "account": platform,
                "subject": f"receipt.{account.public_key}.>",
                "local_subject": "receipts.>",
                "type": "stream",
            },
        ],
    }
    if standing.revoked_until:
        claims["revocations"] = {"*": standing.revoked_until}
    operator = keep_identity(directory / "operator.seed", "operator")
    return issue(operator, account.public_key, f"PARTNER {name}", claims)


def read_standing(token: str) -> Standing:
    """Return a partner's standing from the claims of its account."""
    claims = read_claims(token)["nats"]
    return Standing(
        is_suspended=claims["limits"]["conn"] == 0,
        revoked_until=claims.get("revocations", {}).get("*", 0),
    )


def new_credentials(
    account: Identity, name: str, claims: Mapping[str, Any], issued_at: int | None = None
) -> str:
    """Return the text of a .creds file for a user that the account takes in with it.

    Args:
        account: signs the user's token.
        name: for people who read it.
        claims: permissions as `Permissions.claims` gives them.
        issued_at: Unix time; now where left out. Revocations are judged by it.
    """
    user = new_identity("user")
    return credentials_text(_user_token(account, user.public_key, name, claims, issued_at), user)


def _user_token(
    account: Identity, user_key: str, name: str, claims: Mapping[str, Any], issued_at: int | None
) -> str:
    limits = {"subs": UNLIMITED, "data": UNLIMITED, "payload": UNLIMITED}
    return issue(account, user_key, name, {"type": "user", **limits, **claims}, issued_at)


def _keep_user(directory: Path, account: Identity, name: str, claims: Mapping[str, Any]) -> None:
    user = keep_identity(directory / "users" / f"{name}.seed", "user")
    text = credentials_text(_user_token(account, user.public_key, name, claims, None), user)
    file = _credentials_file(directory, name)
    if not (file.exists() and says_the_same(token_in(file.read_text()), token_in(text))):
        write_secret(file, text)


def _keep_account(
    file: Path, operator: Identity, account: Identity, name: str, stored: Mapping[str, Any]
) -> str:
    exports = list(EXPORTS) if name == PLATFORM else []
    claims = {"type": "account", "limits": {**CONNECTS_FREELY, **stored}, "exports": exports}
    return _keep_token(file, issue(operator, account.public_key, name, claims))


def _keep_token(file: Path, token: str) -> str:
    """Return the kept token if it says the same as the new one; otherwise keep the new one."""
    if file.exists() and says_the_same(kept := file.read_text(), token):
        return kept
    write_secret(file, token)
    return token


def _credentials_file(directory: Path, user: str) -> Path:
    return directory / "users" / f"{user}.creds"
