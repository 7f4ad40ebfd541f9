"""Certificates between the parts are made, kept, renewed, or brought by the operator."""

import shutil
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from deploy.cli import host, problems
from deploy.cli.state import HostState
from deploy.local import authority
from deploy.local.authority import CERTIFICATE_DAYS, RENEWED_DAYS, CertificateUnusable
from deploy.local.ports import free_port
from deploy.nats import accounts
from deploy.nats.config import Place
from tests.deploy.tls.servers import Certificates, start_nats

NOW = datetime.now(UTC)
DUE = timedelta(days=CERTIFICATE_DAYS - RENEWED_DAYS + 1)


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_is_good_for_long_is_kept(tmp_path: Path) -> None:
    authority.ensure(tmp_path, NOW)
    before = content(tmp_path)

    authority.ensure(tmp_path, NOW)

    assert content(tmp_path) == before


def test_what_ends_soon_is_made_anew_by_the_same_authority(tmp_path: Path) -> None:
    authority.ensure(tmp_path, NOW - DUE)
    before = content(tmp_path)

    authority.ensure(tmp_path, NOW)

    after = content(tmp_path)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"postgres.pem", "postgres.key", "nats.pem", "nats.key"}
    shown = x509.load_pem_x509_certificate(after["nats.pem"])
    shown.verify_directly_issued_by(x509.load_pem_x509_certificate(after["authority.pem"]))
    assert shown.not_valid_after_utc - NOW > timedelta(days=CERTIFICATE_DAYS - 1)


def test_what_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    authority.ensure(tmp_path, NOW)
    shutil.copy(tmp_path / "postgres.key", tmp_path / "nats.key")

    authority.ensure(tmp_path, NOW)

    assert authority._fits(tmp_path, "nats")


def test_nothing_is_signed_with_the_key_of_another_authority(tmp_path: Path) -> None:
    authority.ensure(tmp_path / "other", NOW)
    authority.ensure(tmp_path / "ours", NOW - DUE)
    shutil.copy(tmp_path / "other" / "authority.pem", tmp_path / "ours" / "authority.pem")

    with pytest.raises(CertificateUnusable, match="delete one of them"):
        authority.ensure(tmp_path / "ours", NOW)


def test_an_authority_of_the_operators_own_is_left_alone(tmp_path: Path) -> None:
    authority.ensure(tmp_path, NOW - DUE)
    (tmp_path / "authority.key").unlink()
    before = content(tmp_path)

    authority.ensure(tmp_path, NOW)

    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda at: (at / "nats.pem").unlink(), "nats.pem is missing"),
        (lambda at: (at / "nats.key").write_text("…"), "nats.key holds no key"),
        (lambda at: (at / "nats.pem").write_text("…"), "nats.pem holds no certificate"),
        (lambda at: shutil.copy(at / "postgres.key", at / "nats.key"), "not the key of"),
        (
            lambda at: [
                shutil.copy(at / f"postgres.{e}", at / f"nats.{e}") for e in ("pem", "key")
            ],
            "is not for the name `nats`",
        ),
    ],
)
def test_what_the_operator_brings_is_looked_at_before_it_is_shown(
    tmp_path: Path, change: object, said: str
) -> None:
    authority.ensure(tmp_path, NOW)
    (tmp_path / "authority.key").unlink()
    assert callable(change)
    change(tmp_path)

    with pytest.raises(CertificateUnusable, match=said):
        authority.ensure(tmp_path, NOW)


async def test_the_age_of_a_certificate_is_seen_before_it_ends(tmp_path: Path) -> None:
    old = Certificates(tmp_path / "inner")
    authority.ensure(old.folder, NOW - timedelta(days=CERTIFICATE_DAYS - 20.5))
    place = Place(
        store=tmp_path / "nats",
        port=free_port(None),
        monitoring_port=free_port(None),
        tls=old.shown("nats"),
    )
    server = start_nats(tmp_path / "nats", place, accounts.ensure(tmp_path / "bus"))

    at = {"nats": f"localhost:{place.port}", "postgres": "localhost:9"}
    left = await host.inner_certificate_seconds(at)
    server.stop()

    assert 20 < left["nats"] / 86_400 < 21
    assert "postgres" not in left
    said = problems.of_host(HostState(inner_certificate_seconds=left), [])
    assert said == ["the certificate of nats ends in 20 days"]


def test_it_is_good_for_the_strictest_client(certificates: Certificates) -> None:
    strict = ssl.create_default_context(cafile=certificates.authority)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    showing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files = certificates.shown("postgres")
    showing.load_cert_chain(files.certificate, files.key)
    server = showing.wrap_bio(here, there, server_side=True)
    client = strict.wrap_bio(there, here, server_hostname="postgres")

    for _ in range(3):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue

    assert client.version() == "TLSv1.3"
