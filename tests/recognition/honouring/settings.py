"""The settings of a recognition process under test."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.recognition.settings import Settings
from tests.conftest import Database
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY


def settings_for(database: Database) -> Settings:
    return Settings(
        database_url=database.url("recognition"),
        nats_url="nats://127.0.0.1:1",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
        ticket_private_key=ticket_key(),
    )


@cache
def ticket_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
