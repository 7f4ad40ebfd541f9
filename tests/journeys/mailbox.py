"""Looks into the mailbox of the local run, as the people do to whom mails are sent."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Final

import httpx
import msgspec
from pypdf import PdfReader

from deploy.local.mailbox.app import WholeMail
from deploy.local.mailbox.store import Mail
from tests.journeys.waiting import eventually

LINK: Final = re.compile(r"https?://\S+/(?:[ek]/[\w-]+|veranstaltung-melden/[\w-]+/termine/[\w-]+)")
MOST: Final = 10_000


class Received(msgspec.Struct, frozen=True):
    """A mail with what is in it."""

    mail: Mail
    text: str
    attachments: dict[str, bytes]
    """By media type: our mails hold at most one of each."""
    headers: dict[str, str]

    @property
    def subject(self) -> str:
        """Return its subject."""
        return self.mail.subject

    @property
    def link(self) -> str:
        """Return the reader's own link."""
        found = LINK.search(self.text)
        if found is None:
            raise AssertionError(f"no link in: {self.text}")
        return found[0]

    @property
    def pdf(self) -> str:
        """Return the text of its PDF."""
        return pdf_text(self.attachments["application/pdf"])

    @property
    def calendar_entry(self) -> str:
        """Return its .ics file, with lines unfolded."""
        return unfolded(self.attachments["text/calendar"])


class Mailbox:
    """All mails that the mail server has taken."""

    def __init__(self, origin: str) -> None:
        self._client = httpx.AsyncClient(base_url=origin, trust_env=False)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

    async def listed(self, address: str = "") -> list[Mail]:
        """List the mails to an address, or all, the oldest first."""
        params: dict[str, str | int] = {"limit": MOST, **({"to": address} if address else {})}
        answer = await self._client.get("/api/mails", params=params)
        return msgspec.json.decode(answer.content, type=list[Mail])[::-1]

    async def all(self, address: str, subject: str) -> list[Mail]:
        """List the mails to an address with this in their subject, the oldest first."""
        return [mail for mail in await self.listed(address) if subject in mail.subject]

    async def expect(self, address: str, subject: str) -> Received:
        """Wait for a mail with this in its subject and open the newest."""

        async def arrived() -> list[Mail]:
            return await self.all(address, subject)

        mails = await eventually(arrived, f"no mail {subject!r} to {address}")
        return await self.opened(mails[-1])

    async def opened(self, mail: Mail) -> Received:
        """Open a mail."""
        whole = (await self._client.get(f"/api/mails/{mail.mail_id}")).content
        letter = msgspec.json.decode(whole, type=WholeMail).letter
        source = (await self._client.get(f"/mails/{mail.mail_id}/quelle")).content
        return Received(mail, letter.text, _attachments(source), dict(letter.header))


def _attachments(source: bytes) -> dict[str, bytes]:
    message = message_from_bytes(source, policy=policy.default)
    parts = [part for part in message.walk() if part.is_attachment()]
    return {part.get_content_type(): _content(part) for part in parts}


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF, all pages, one blank between words."""
    return " ".join(" ".join(pdf_pages(content)).split())


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def unfolded(calendar: bytes) -> str:
    """Return an iCalendar file with its lines unfolded.

    Source: RFC 5545 3.1.
    """
    return calendar.replace(b"\r\n ", b"").decode().replace("\r\n", "\n")
