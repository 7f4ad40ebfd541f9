"""Makes a small certificate authority and what PostgreSQL and NATS show of it, as files.

An operator's own authority is left alone: whoever brings `authority.pem` without its key brings the
servers' certificates too.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.nats.identity import write_secret

AUTHORITY: Final = "authority"
SERVERS: Final = {"postgres": ("postgres",), "nats": ("nats", "nats-1", "nats-2", "nats-3")}
"""The names by which each server is called; the last three are those of a cluster."""
ITSELF: Final = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))
AUTHORITY_DAYS: Final = 3653
CERTIFICATE_DAYS: Final = 397
RENEWED_DAYS: Final = 90
"""A certificate that ends sooner is made anew: long before anybody warns of it."""
SKEW: Final = timedelta(hours=1)
"""How much earlier a certificate begins, for a clock that is late."""


class CertificateUnusable(ValueError):
    """A certificate that somebody has brought cannot be shown; the message names the file."""


def ensure(folder: Path, now: datetime) -> None:
    """Make `authority.pem`, and for each server NAME `NAME.pem` and `NAME.key`, where they miss.

    Args:
        folder: only its owner may look into it.
        now: what certificates are made for; those of our own authority that end soon are renewed.

    Raises:
        CertificateUnusable: an authority of the operator's own, and a server's certificate is
            missing, is for another name or for another key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / f"{AUTHORITY}.pem", folder / f"{AUTHORITY}.key"
    if not certificate.exists():
        _make_authority(certificate, key, now)
    is_ours = key.exists()
    for server, names in SERVERS.items():
        if is_ours and _is_due(folder, server, now):
            _issue(folder, server, now)
        _require_usable(folder, server, names[0])


def _make_authority(certificate: Path, key: Path, now: datetime) -> None:
    own = generate_private_key(SECP256R1())
    name = _name("Ehrensache, between its parts")
    made = (
        _begun(name, name, own, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(own, SHA256())
    )
    write_secret(key, _pem(own))
    write_secret(certificate, made.public_bytes(Encoding.PEM).decode())


def _issue(folder: Path, server: str, now: datetime) -> None:
    authority = _certificate(folder / f"{AUTHORITY}.pem")
    signing = load_pem_private_key((folder / f"{AUTHORITY}.key").read_bytes(), password=None)
    if not isinstance(signing, EllipticCurvePrivateKey) or not _fits(folder, AUTHORITY):
        file = folder / AUTHORITY
        raise CertificateUnusable(f"{file}.key is not the key of {file}.pem; delete one of them")
    own = generate_private_key(SECP256R1())
    names = [*map(x509.DNSName, SERVERS[server]), *ITSELF]
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    made = (
        _begun(_name(server), authority.subject, own, now, CERTIFICATE_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(known_by, critical=False)
        .sign(signing, SHA256())
    )
    write_secret(folder / f"{server}.key", _pem(own))
    write_secret(folder / f"{server}.pem", made.public_bytes(Encoding.PEM).decode())


def _begun(
    subject: x509.Name, issuer: x509.Name, own: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )


def _is_due(folder: Path, server: str, now: datetime) -> bool:
    """Tell whether a certificate is missing, ends soon, or was left half-made."""
    certificate = folder / f"{server}.pem"
    if not (certificate.exists() and _fits(folder, server)):
        return True
    return _certificate(certificate).not_valid_after_utc - now < timedelta(days=RENEWED_DAYS)


def _fits(folder: Path, name: str) -> bool:
    """Tell whether the key is there and is that of the certificate."""
    key = folder / f"{name}.key"
    if not key.exists():
        return False
    try:
        kept = load_pem_private_key(key.read_bytes(), password=None).public_key()
    except (ValueError, TypeError) as error:
        raise CertificateUnusable(f"{key} holds no key in PEM without a password") from error
    shown = _certificate(folder / f"{name}.pem").public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return kept.public_bytes(*form) == shown.public_bytes(*form)


def _require_usable(folder: Path, server: str, name: str) -> None:
    certificate, key = folder / f"{server}.pem", folder / f"{server}.key"
    for file in (certificate, key):
        if not file.exists():
            issuer = f"whoever has issued {folder / AUTHORITY}.pem has to issue it for `{name}`"
            raise CertificateUnusable(f"{file} is missing: {issuer}")
    if not _fits(folder, server):
        raise CertificateUnusable(f"{key} is not the key of {certificate}")
    if name not in _names(_certificate(certificate)):
        raise CertificateUnusable(f"{certificate} is not for the name `{name}`")


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _certificate(file: Path) -> x509.Certificate:
    """Return the first certificate in a file."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError as error:
        raise CertificateUnusable(f"{file} holds no certificate in PEM") from error


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
