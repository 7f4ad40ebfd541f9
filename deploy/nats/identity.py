"""Makes the keys and signed claims by which a NATS server knows operator, accounts and users.

Source: NATS JWT claims version 2, algorithm `ed25519-nkey`, written out by hand with nkeys.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import nkeys

Kind = Literal["operator", "account", "user"]
Claims = Mapping[str, Any]

PREFIXES: Final[Mapping[Kind, int]] = {
    "operator": nkeys.PREFIX_BYTE_OPERATOR,
    "account": nkeys.PREFIX_BYTE_ACCOUNT,
    "user": nkeys.PREFIX_BYTE_USER,
}
UNLIMITED = -1


class Identity(msgspec.Struct, frozen=True):
    """A key pair that can sign; whoever has the seed is this operator, account or user."""

    kind: Kind
    seed: str

    @property
    def public_key(self) -> str:
        """Return the public key, by which the others know it."""
        return str(nkeys.from_seed(bytearray(self.seed.encode())).public_key.decode())

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data."""
        return bytes(nkeys.from_seed(bytearray(self.seed.encode())).sign(data))


def new_identity(kind: Kind) -> Identity:
    """Make up a new key pair."""
    return Identity(kind, nkeys.encode_seed(secrets.token_bytes(32), PREFIXES[kind]).decode())


def keep_identity(file: Path, kind: Kind) -> Identity:
    """Return the identity whose seed the file holds; make it up where there is no such file."""
    if not file.exists():
        write_secret(file, new_identity(kind).seed)
    return Identity(kind, file.read_text().strip())


def write_secret(file: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(file)


def issue(
    signer: Identity, subject: str, name: str, claims: Claims, issued_at: int | None = None
) -> str:
    """Return a signed token that says `claims` about `subject`, a public key.

    Args:
        signer: the operator for accounts, the account (or its signing key) for users.
        subject: public key of the one the token is about.
        name: for people who read it.
        claims: what stands under `nats`, `type` among it.
        issued_at: Unix time; now where left out. Revocations are judged by it.
    """
    body: dict[str, Any] = {
        "iat": int(time.time()) if issued_at is None else issued_at,
        "iss": signer.public_key,
        "name": name,
        "sub": subject,
        "nats": {"version": 2, **claims},
    }
    digest = hashlib.sha256(msgspec.json.encode(body)).digest()
    body["jti"] = base64.b32encode(digest).decode().rstrip("=")
    signed = f"{_part({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_part(body)}"
    return f"{signed}.{_base64(signer.sign(signed.encode()))}"


def read_claims(token: str) -> dict[str, Any]:
    """Return what a token says, without checking its signature."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = msgspec.json.decode(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return claims


def says_the_same(token: str, other: str) -> bool:
    """Tell whether two tokens differ in nothing but when they were issued."""
    first, second = ({**read_claims(each), "iat": 0, "jti": ""} for each in (token, other))
    return first == second


def credentials_text(token: str, user: Identity) -> str:
    """Return the text of a .creds file, with which a client signs in as this user."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
    )


def token_in(credentials: str) -> str:
    """Return the token within the text of a .creds file."""
    return credentials.splitlines()[1]


def _part(value: Mapping[str, Any]) -> str:
    return _base64(msgspec.json.encode(value))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
