"""Hands mails to the mail server, one at a time over one kept connection."""

import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Literal

import aiosmtplib
import msgspec
from aiosmtplib.errors import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

Tls = Literal["none", "starttls", "implicit"]
Retry = Literal["quick", "slow", "never"]
"""When to try again: soon (the server is busy), later (it wants us to wait), or not at all."""

BUSY: Final = frozenset({421, 431, 432, 442, 447, 452})
TOO_LARGE: Final = frozenset({523, 552})
"""Final by their number, but some servers answer so at random: tried again."""
NO_ANSWER: Final = 0
"""Stands for the code where the connection broke before one came."""
STALE: Final = frozenset({NO_ANSWER, 421})
"""What a server says, or does not, that has given up waiting for our next mail."""
TRANSIENT: Final = 400
PERMANENT: Final = 500
CONNECT_SECONDS: Final = 15.0
COMMAND_SECONDS: Final = 60.0
DATA_SECONDS: Final = 120.0
"""How long the server may think after the final dot; well below the lease of a claim."""

_ADDRESS = re.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


class Undelivered(Exception):
    """The server did not take this one mail."""

    def __init__(self, retry: Retry, code: int, text: str, *, is_ambiguous: bool = False) -> None:
        super().__init__(f"{code} {text}")
        self.retry: Final = retry
        self.code: Final = code
        self.text: Final = text
        self.is_ambiguous: Final = is_ambiguous
        """The connection broke after the mail was on its way: it may have been taken."""


class ServerUnavailable(Exception):
    """No mail can be sent at all: no connection, no encryption, no sign-in, or not as us."""


class SmtpServer(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach the mail server that takes our mails."""

    host: str
    port: int
    tls: Tls = "starttls"
    user: str = ""
    password: str = ""
    hello: str
    """The name that we give ourselves: the domain of the sender."""


class Postman:
    """Delivers to one server. Not for use by two tasks at once."""

    def __init__(self, server: SmtpServer, data_seconds: float = DATA_SECONDS) -> None:
        self._server = server
        self._data_seconds = data_seconds
        self._client: aiosmtplib.SMTP | None = None

    async def deliver(
        self,
        envelope: tuple[str, str],
        content: bytes,
        before_data: Callable[[], Awaitable[None]],
    ) -> int:
        """Have the server take over one mail and return its answer's code.

        Args:
            envelope: the sender's and the one recipient's address.
            content: the mail with CRLF line ends.
            before_data: called when sender and recipient are accepted and before any content is
                sent; what it raises ends the attempt and leaves the connection usable.

        Raises:
            Undelivered: the server refused this mail, or the connection broke meanwhile.
            ServerUnavailable: nothing can be sent at present.
        """
        client = await self._announce(envelope)
        try:
            await before_data()
        except BaseException:
            await self._start_over(client)
            raise
        return await self._hand_over(client, content)

    async def close(self) -> None:
        """Say goodbye to the server."""
        if self._client is not None:
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=5)
            self._drop()

    async def _announce(self, envelope: tuple[str, str]) -> aiosmtplib.SMTP:
        """Name sender and recipient, on a fresh connection if the kept one has gone stale."""
        was_kept = self._client is not None and self._client.is_connected
        try:
            return await self._name(envelope)
        except Undelivered as refused:
            if not (was_kept and refused.code in STALE):
                raise
        self._drop()
        return await self._name(envelope)

    async def _name(self, envelope: tuple[str, str]) -> aiosmtplib.SMTP:
        client = await self._connected()
        sender, recipient = envelope
        try:
            await client.mail(sender)
            await client.rcpt(recipient)
        except SMTPSenderRefused as error:
            await self._start_over(client)
            if error.code >= PERMANENT and error.code not in TOO_LARGE:
                raise ServerUnavailable(f"{error.code} {redacted(error.message)}") from error
            raise refusal(error) from error
        except SMTPRecipientRefused as error:
            await self._start_over(client)
            raise refusal(error) from error
        except OSError as error:
            self._drop()
            raise _broken(error) from error
        return client

    async def _hand_over(self, client: aiosmtplib.SMTP, content: bytes) -> int:
        try:
            answer = await client.data(content, timeout=self._data_seconds)
        except SMTPDataError as error:
            await self._start_over(client)
            raise refusal(error) from error
        except OSError as error:
            self._drop()
            raise _broken(error, is_ambiguous=True) from error
        except BaseException:
            self._drop()
            raise
        return answer.code

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._drop()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            local_hostname=server.hello,
            timeout=COMMAND_SECONDS,
        )
        try:
            await client.connect(timeout=CONNECT_SECONDS)
        except (SMTPException, OSError, ssl.SSLError, ValueError) as error:
            client.close()
            raise ServerUnavailable(redacted(str(error)) or type(error).__name__) from error
        self._client = client
        return client

    async def _start_over(self, client: aiosmtplib.SMTP) -> None:
        """Make the connection ready for the next mail, or drop it if it cannot be."""
        try:
            await client.rset()
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def refusal(error: SMTPResponseException) -> Undelivered:
    """Say what a server's answer means for this mail."""
    return Undelivered(_when_again(error.code, error.message), error.code, redacted(error.message))


def redacted(text: str) -> str:
    """Return a server's words without the addresses that it likes to repeat."""
    return _ADDRESS.sub("<…>", " ".join(text.split()))[:300]


def _when_again(code: int, text: str) -> Retry:
    if code in BUSY or code < TRANSIENT:
        return "quick"
    if code < PERMANENT or code in TOO_LARGE or "too large" in text.lower():
        return "slow"
    return "never"


def _broken(error: OSError, *, is_ambiguous: bool = False) -> Undelivered:
    reason = (
        "connection closed" if isinstance(error, SMTPServerDisconnected) else type(error).__name__
    )
    return Undelivered("quick", NO_ANSWER, reason, is_ambiguous=is_ambiguous)
