"""Makes the secrets of a system, once, as files that only their owner can read."""

import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

OWNER_ONLY = 0o600


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Where each secret lies."""

    staff_token_private: Path
    """Ed25519, PEM: registry signs staff tokens with it."""
    staff_token_public: Path
    """Ed25519, PEM: every service checks staff tokens with it."""
    ticket_private: Path
    """Ed25519, PEM: recognition signs tickets with it."""
    openid_client: Path
    """What registry shows the OpenID provider."""
    opt_out: Path
    """Notifier signs with it the links that turn mails into letters."""


def ensure(folder: Path) -> Keys:
    """Return the files' places; whatever is missing in the folder is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    staff = _ensure_private(folder / "staff-token.key")
    return Keys(
        staff_token_private=staff,
        staff_token_public=_ensure_public(folder / "staff-token.pub", staff),
        ticket_private=_ensure_private(folder / "ticket.key"),
        opt_out=_ensure(folder / "opt-out.secret", secrets.token_urlsafe(32)),
        openid_client=_ensure(folder / "openid-client.secret", secrets.token_urlsafe(32)),
    )


def _ensure_private(file: Path) -> Path:
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return _ensure(file, pem.decode())


def _ensure_public(file: Path, private: Path) -> Path:
    key = load_pem_private_key(private.read_bytes(), password=None)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _ensure(file, pem.decode())


def _ensure(file: Path, content: str) -> Path:
    """Write the file unless there is one; it appears whole or not at all."""
    if not file.exists():
        unfinished = file.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=OWNER_ONLY)
        unfinished.write_text(content)
        unfinished.replace(file)
    return file
