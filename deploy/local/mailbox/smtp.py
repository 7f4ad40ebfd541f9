"""Takes mails by SMTP, and refuses some addresses so that refusals can be tried out."""

from collections.abc import Sequence
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mailbox.store import MailStore

BIGGEST_MAIL = 30 * 1024 * 1024
"""In bytes."""
REFUSED_FOR_GOOD = "@unbekannt.example"
"""Recipients of this domain are refused with 550, as if the mailbox did not exist."""
REFUSED_FOR_NOW = "@voll.example"
"""Recipients of this domain are refused with 452, as if the mailbox were full."""


class Postman:
    """aiosmtpd's handler: keeps each mail and says so only then."""

    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: Sequence[str],
    ) -> str:
        """Take or refuse one recipient."""
        if address.casefold().endswith(REFUSED_FOR_GOOD):
            return "550 5.1.1 No such mailbox"
        if address.casefold().endswith(REFUSED_FOR_NOW):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, then answer that it is taken."""
        mail = self._store.keep(envelope.mail_from or "", envelope.rcpt_tos, _content(envelope))
        return f"250 2.0.0 Kept as {mail.mail_id}"


def conversation(store: MailStore) -> SMTP:
    """Build the protocol of one SMTP connection."""
    return SMTP(
        Postman(store), data_size_limit=BIGGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost"
    )


def _content(envelope: Envelope) -> bytes:
    content: Any = envelope.content
    return content if isinstance(content, bytes) else str(content).encode()
