"""A real mail server for tests, which misbehaves as it is told to."""

import asyncio
import warnings
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
"""Take the mail and cut the connection before the answer: the sender cannot know."""
HANG = "hang"
"""Take the mail and never answer, as a tarpit does."""


class Taken(msgspec.Struct, frozen=True):
    """A mail as the server has taken it."""

    sender: str
    recipient: str
    content: bytes
    is_acknowledged: bool

    @property
    def message(self) -> EmailMessage:
        """Return the mail as a program reads it."""
        return message_from_bytes(self.content, policy=default)

    @property
    def message_id(self) -> str:
        """Return its Message-ID."""
        return str(self.message["Message-ID"])


class MailServer:
    """Takes mails, and answers the next commands as it is scripted for each stage."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[Taken] = []
        self.connections = 0
        self.senders: deque[str] = deque()
        self.recipients: deque[str] = deque()
        self.data: deque[str] = deque()
        self.users: dict[str, str] = {}

    def script(self, stage: str, *answers: str) -> None:
        """Answer the next commands of this stage so; afterwards all is well again."""
        getattr(self, stage).extend(answers)

    @property
    def message_ids(self) -> list[str]:
        """Return the Message-IDs of everything that was taken, in order, repeats included."""
        return [taken.message_id for taken in self.taken]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: Iterable[str],
    ) -> str:
        if self.senders:
            return self.senders.popleft()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: Iterable[str],
    ) -> str:
        if self.recipients:
            return self.recipients.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.data.popleft() if self.data else "250 OK"
        is_acknowledged = answer.startswith("250")
        if is_acknowledged or answer in {DROP, HANG}:
            content = cast("bytes", envelope.content)
            self.taken.append(
                Taken(str(envelope.mail_from), envelope.rcpt_tos[0], content, is_acknowledged)
            )
        if answer == DROP:
            transport = cast("asyncio.Transport", server.transport)
            transport.abort()
        if answer == HANG:
            await asyncio.Event().wait()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Let in whom the server knows."""
        known = isinstance(data, LoginPassword) and (
            self.users.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=known, handled=False)


@asynccontextmanager
async def serving(**users: str) -> AsyncIterator[MailServer]:
    """Serve on a free port of this machine, with these users and their passwords."""
    server = MailServer()
    server.users = users

    def connected() -> SMTP:
        server.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS
            return SMTP(
                server,
                auth_required=bool(users),
                auth_require_tls=False,
                authenticator=server.authenticate,
                hostname="mail.example.org",
                loop=asyncio.get_running_loop(),
            )

    listening = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
