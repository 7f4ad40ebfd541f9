"""Puts the security headers on every answer that does not bring stricter or wider ones itself."""

from typing import Any, Final

from litestar import Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
DEFAULTS: Final[dict[bytes, bytes]] = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"strict-transport-security": b"max-age=31536000; includeSubDomains",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"cache-control": b"no-store",
}
"""Source: OWASP ASVS 5.0 3.4; an answer may only be kept where its handler says so."""


def frame(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with each default that is missing; names must be in lower case."""
    present = {name for name, _ in headers}
    return headers + [(name, value) for name, value in DEFAULTS.items() if name not in present]


def allow_camera(response: Response[Any]) -> None:
    """Let a page read codes with the camera: the scanner decodes in a worker made from a blob."""
    response.headers["content-security-policy"] = CONTENT_SECURITY_POLICY.replace(
        "worker-src 'self'", "worker-src 'self' blob:"
    )
    response.headers["permissions-policy"] = (
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
    )
