"""Keeps taken mails as files, one each, so that they outlive the process."""

from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path

import msgspec

from deploy.local.mailbox.reading import readable

RETURN_PATH = "Return-Path"
DELIVERED_TO = "X-Original-To"
RECEIVED_AT = "X-Received-At"


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One taken mail, as the list shows it."""

    mail_id: int
    """Counts up from 1 in the order of arrival."""
    received_at: datetime
    sender: str
    recipients: list[str]
    """Envelope recipients, not the To header."""
    subject: str
    message_id: str


class MailStore:
    """The mails in one folder; used by one process only."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, which is made if need be, and read what is in it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._mails = {
            int(path.stem): _read_header(int(path.stem), path.read_bytes())
            for path in sorted(folder.glob("*.eml"))
        }
        self._last_id = max(self._mails, default=0)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> Mail:
        """Store one mail; it is on disk in full when this returns."""
        envelope = (
            f"{RETURN_PATH}: <{sender}>\r\n"
            f"{DELIVERED_TO}: {', '.join(recipients)}\r\n"
            f"{RECEIVED_AT}: {datetime.now(UTC).isoformat()}\r\n"
        )
        source = envelope.encode("utf-8") + content
        self._last_id += 1
        mail = _read_header(self._last_id, source)
        unfinished = self._path(mail.mail_id).with_suffix(".tmp")
        unfinished.write_bytes(source)
        unfinished.replace(self._path(mail.mail_id))
        self._mails[mail.mail_id] = mail
        return mail

    def newest_first(self) -> list[Mail]:
        """List all mails."""
        return list(reversed(self._mails.values()))

    def source(self, mail_id: int) -> bytes | None:
        """Return a mail's bytes as they came, below the lines of its envelope; None if unknown."""
        if mail_id not in self._mails:
            return None
        return self._path(mail_id).read_bytes()

    def find(self, mail_id: int) -> Mail | None:
        """Return one mail's line of the list; None if unknown."""
        return self._mails.get(mail_id)

    def clear(self) -> None:
        """Delete all mails; their numbers are not used again while the process lives."""
        for mail_id in list(self._mails):
            self._path(mail_id).unlink(missing_ok=True)
            del self._mails[mail_id]

    def _path(self, mail_id: int) -> Path:
        return self._folder / f"{mail_id:08}.eml"


def sent_to(mails: list[Mail], address: str) -> list[Mail]:
    """Pick the mails to exactly this address, whatever its case."""
    wanted = address.casefold()
    return [mail for mail in mails if wanted in (to.casefold() for to in mail.recipients)]


def matching(mails: list[Mail], text: str) -> list[Mail]:
    """Pick the mails with this text in a recipient's address or in the subject."""
    wanted = text.casefold()
    return [
        mail
        for mail in mails
        if wanted in mail.subject.casefold()
        or any(wanted in to.casefold() for to in mail.recipients)
    ]


def _read_header(mail_id: int, source: bytes) -> Mail:
    header = BytesHeaderParser().parsebytes(source)
    return Mail(
        mail_id=mail_id,
        received_at=datetime.fromisoformat(header[RECEIVED_AT]),
        sender=readable(header[RETURN_PATH]).strip("<>"),
        recipients=readable(header[DELIVERED_TO]).split(", "),
        subject=readable(header["Subject"]),
        message_id=readable(header["Message-ID"]),
    )
