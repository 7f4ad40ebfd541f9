"""Has a process speak to PostgreSQL and NATS over TLS only, where the operator names an authority.

Both must then show a certificate of that authority for the name that they are called by. One that
speaks without TLS is refused, so that nobody in between can talk the two sides out of it.
"""

import ssl
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

VARIABLE: Final = "EHRENSACHE_INNER_CA"
DEMANDS: Final = ("sslmode", "sslrootcert")
"""What a database's URL says about TLS, in the words of libpq."""


class AuthorityUnusable(ValueError):
    """The file that should hold the authority does not; the message names the variable."""

    def __init__(self, authority: str, problem: str) -> None:
        super().__init__(f"{VARIABLE}: {problem}: {authority}")


def context(authority: str) -> ssl.SSLContext | None:
    """Return what a connection is secured with; None where nobody is named.

    Args:
        authority: file with the certificates, in PEM, of whoever vouches for the servers; or empty.

    Raises:
        AuthorityUnusable: there is no such file, or no certificate in it.
    """
    if not authority:
        return None
    try:
        return ssl.create_default_context(cafile=authority)
    except ssl.SSLError as error:
        raise AuthorityUnusable(authority, "holds no certificate in PEM") from error
    except OSError as error:
        raise AuthorityUnusable(authority, str(error.strerror)) from error


def secured(url: str, authority: str) -> str:
    """Return a database's URL that demands TLS and the authority's certificate.

    asyncpg and dbmate both read it so. Whatever the URL said about it before is replaced; it stays
    as it is where nobody is named.
    """
    if not authority:
        return url
    at = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(at.query) if name not in DEMANDS]
    demanded = zip(DEMANDS, ("verify-full", authority), strict=True)
    return urlunsplit(at._replace(query=urlencode([*kept, *demanded], safe="/")))


def demanded(url: str) -> str:
    """Return the file of the authority that a URL made by `secured` demands; empty if none."""
    return dict(parse_qsl(urlsplit(url).query)).get("sslrootcert", "")


def named(error: Exception) -> str:
    """Return what is put before a connection's error: the variable, if TLS has refused it."""
    return f"{VARIABLE}: " if isinstance(error, ssl.SSLError) else ""
