"""Builds one mail to one recipient as the bytes that go over SMTP."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from uuid import UUID

import msgspec

WIDE: Final = SMTP.clone(max_line_length=998)
"""Writes the headers. A narrower line would turn a long address in List-Unsubscribe into an
encoded word, which mail programs then ignore, and would split a display name inside a word."""

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{0,20}}"
)
MOST_OF_AN_ADDRESS: Final = 254


class Unmailable(Exception):
    """A mail cannot be written like this, because of an address or a header's text."""


class Attachment(msgspec.Struct, frozen=True):
    """A file that comes with a mail."""

    name: str
    media_type: str
    """Such as `application/pdf`; text is UTF-8."""
    content: bytes


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail before it is written down."""

    message_id: UUID
    """The ledger's id; the Message-ID is made of it and stays the same however often it is sent."""
    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    opt_out_url: str = ""
    """Where a POST stops mails of this kind; empty for mails that nobody can do without."""
    sent_at: datetime


def message_id_header(message_id: UUID, sender_address: str) -> str:
    """Return the Message-ID of a ledger row, the same on every attempt."""
    return f"<l.{message_id}@{sender_address.rpartition('@')[2]}>"


def compose(mail: Mail) -> bytes:
    """Write the mail with CRLF line ends: text, HTML beside it, attachments after both.

    Raises:
        Unmailable: an address is not one single address, or a header's text has a line break.

    Source: RFC 5322; RFC 3834 (Auto-Submitted); RFC 8058 (List-Unsubscribe-Post).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = address(mail.sender_name, mail.sender_address)
    message["To"] = address(mail.recipient_name, mail.recipient_address)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = mail.sent_at.astimezone(UTC)
    message["Message-ID"] = message_id_header(mail.message_id, mail.sender_address)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if mail.opt_out_url:
        message["List-Unsubscribe"] = f"<{_one_line(mail.opt_out_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for attachment in mail.attachments:
        _attach(message, attachment)
    return message.as_bytes(policy=WIDE)


def address(name: str, addr_spec: str) -> Address:
    """Return one address with a display name; the domain in ASCII.

    Raises:
        Unmailable: it is no address, more than one, or needs SMTPUTF8 before the @.
    """
    local, _, domain = addr_spec.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError as error:
        raise Unmailable("the domain is malformed") from error
    plain = f"{local}@{ascii_domain}"
    if len(plain) > MOST_OF_AN_ADDRESS or not _ADDRESS.fullmatch(plain):
        raise Unmailable("not a single e-mail address")
    try:
        return Address(_one_line(name), addr_spec=plain)
    except (ValueError, IndexError) as error:
        raise Unmailable("not a single e-mail address") from error


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, _, subtype = attachment.media_type.partition("/")
    message.add_attachment(
        attachment.content,
        maintype=kind,
        subtype=subtype,
        filename=_one_line(attachment.name),
        params={"charset": "utf-8"} if kind == "text" else None,
    )


def _one_line(text: str) -> str:
    if _CONTROLS.search(text):
        raise Unmailable("a line break or control character in a header")
    return text
