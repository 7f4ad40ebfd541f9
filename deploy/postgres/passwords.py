"""Makes and keeps the passwords of the database roles, and what the server is told of them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path

ITERATIONS = 4096


def ensure(directory: Path, roles: Iterable[str]) -> dict[str, str]:
    """Return each role's password from `<role>.password`, made up where there is no such file.

    The files are readable by their owner only; the passwords are safe within a URL.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {role: _ensure_one(directory / f"{role}.password") for role in roles}


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """Return what PostgreSQL stores in place of a password, so that it never sees or logs it.

    Source: RFC 5803 and PostgreSQL's pg_authid.rolpassword.
    """
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (
        base64.b64encode(part).decode() for part in (salt, stored_key, server_key)
    )
    return f"SCRAM-SHA-256${ITERATIONS}:{salt_text}${stored_text}:{server_text}"


def _ensure_one(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text().strip()
