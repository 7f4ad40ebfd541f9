"""Keys that sign tickets in tests."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from services.recognition.honouring.tickets import ticket_keys


def pem(key: Ed25519PrivateKey) -> str:
    """Return a private key as it stands in a secret file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key: Ed25519PrivateKey) -> str:
    """Return the public half as it stands in a file."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


KEYS = ticket_keys(pem(Ed25519PrivateKey.from_private_bytes(bytes(range(32)))))
