"""Looks at what stands around the services: NATS's own health, room on the disks, the certificate.

Each is looked at only where the operator's variables say where it is.
"""

import asyncio
import shutil
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography import x509

from deploy.postgres.settings import PROTOCOL

ASK_SECONDS: Final = 3


class _Health(msgspec.Struct):
    status: str = ""
    error: str = ""


async def nats_detail(monitoring: str) -> str:
    """Return what NATS says is wrong with it; empty if nothing is.

    Not `?js-enabled-only=true`, which calls a server well whose disk is full.
    """
    try:
        async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{monitoring}/healthz")
    except httpx.TransportError as error:
        return f"does not answer at {monitoring} ({type(error).__name__})"
    if answer.is_success:
        return ""
    try:
        said = msgspec.json.decode(answer.content, type=_Health)
    except msgspec.MsgspecError:
        return f"answers {answer.status_code}"
    return said.error or said.status or f"answers {answer.status_code}"


def free_parts(volumes: Mapping[str, Path]) -> dict[str, float]:
    """Return which part of each volume's disk is free, 0 to 1; one that is not there is full."""
    return {name: _free_part(folder) for name, folder in volumes.items()}


def _free_part(folder: Path) -> float:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return 0.0
    return usage.free / (usage.used + usage.free)


async def certificate_seconds(public_url: str, at: str) -> float | None:
    """Return how long the website's certificate is still good; None if nobody says who shows it.

    Args:
        public_url: origin that people see.
        at: host:port that shows its certificate; may be empty.

    Raises:
        OSError: nobody answers there, or not with TLS.
        TimeoutError: nobody answers in time.
    """
    if not at:
        return None
    host, _, port = at.rpartition(":")
    name = urlsplit(public_url).hostname or host
    return await _seconds(host, int(port), name, [])


async def inner_certificate_seconds(servers: Mapping[str, str]) -> dict[str, float]:
    """Return how long the certificates that servers show each other are still good.

    One that does not answer is left out: that it is away is told by whoever signs in to it.

    Args:
        servers: host:port by name; both begin with TLS.
    """
    found = {}
    for server, at in servers.items():
        host, _, port = at.rpartition(":")
        with suppress(OSError, TimeoutError):
            found[server] = await _seconds(host, int(port), host, [PROTOCOL])
    return found


async def _seconds(host: str, port: int, name: str, protocols: Sequence[str]) -> float:
    async with asyncio.timeout(ASK_SECONDS):
        shown = await _shown(host, port, name, protocols)
    ends = x509.load_der_x509_certificate(shown).not_valid_after_utc
    return (ends - datetime.now(UTC)).total_seconds()


async def _shown(host: str, port: int, name: str, protocols: Sequence[str]) -> bytes:
    """Return the certificate as it is, also one that nobody would trust."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(protocols)
    _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=name)
    try:
        shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.close()
    return shown
