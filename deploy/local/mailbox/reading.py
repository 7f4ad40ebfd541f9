"""Takes a mail apart into what a person reads: text, page, attachments."""

import base64
import re
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, MIMEPart
from typing import Any

import msgspec

HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
LINKS_OPEN_OUTSIDE = '<base target="_blank">'


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a mail."""

    number: int
    """Counts from 0 in the order of the mail."""
    name: str
    media_type: str
    size: int
    """In bytes."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail's content."""

    header: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[Attachment]


def read(source: bytes) -> Letter:
    """Take a mail apart; a broken one gives what can be made out."""
    message = _parse(source)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Letter(
        header=[(name, readable(value)) for name, value in message.raw_items()],
        text=_content(text),
        html=_with_pictures(_content(html), message),
        attachments=[
            Attachment(
                number=number,
                name=part.get_filename() or f"anlage-{number + 1}",
                media_type=part.get_content_type(),
                size=len(_bytes(part)),
            )
            for number, part in enumerate(_attached(message))
        ],
    )


def attachment(source: bytes, number: int) -> bytes | None:
    """Return the content of one attachment; None if there is no such number."""
    parts = _attached(_parse(source))
    return _bytes(parts[number]) if 0 <= number < len(parts) else None


def readable(value: Any) -> str:
    """Decode a header's raw value; what cannot be decoded stays as it is.

    Source: RFC 2047.
    """
    if value is None:
        return ""
    raw = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    raw = " ".join(raw.split())
    try:
        parts = decode_header(raw)
    except HeaderParseError:
        return raw
    return "".join(
        part.decode(_known(charset), "replace") if isinstance(part, bytes) else part
        for part, charset in parts
    )


def _parse(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.default)


def _attached(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if part.is_attachment()]


def _content(part: MIMEPart | None) -> str:
    return "" if part is None else _bytes(part).decode(_charset(part), errors="replace")


def _charset(part: MIMEPart) -> str:
    return _known(part.get_content_charset())


def _known(charset: str | None) -> str:
    try:
        "".encode(charset or "utf-8")
    except LookupError:
        return "utf-8"
    return charset or "utf-8"


def _bytes(part: MIMEPart) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else part.as_bytes()


def _with_pictures(html: str, message: EmailMessage) -> str:
    """Put pictures that the mail brings along in place of their cid: links."""
    for part in message.walk():
        named = str(part.get("Content-ID", "")).strip().strip("<>")
        if named and part.get_content_maintype() == "image":
            data = base64.b64encode(_bytes(part)).decode()
            html = html.replace(f"cid:{named}", f"data:{part.get_content_type()};base64,{data}")
    if found := HEAD.search(html):
        return html[: found.end()] + LINKS_OPEN_OUTSIDE + html[found.end() :]
    return LINKS_OPEN_OUTSIDE + html if html else ""
