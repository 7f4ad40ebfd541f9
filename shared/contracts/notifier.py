"""What notifier promises: facts about messages and letters."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Instant


class MessageSent(Fact, frozen=True, kw_only=True):
    """A mail was taken over by the mail server."""

    subject: ClassVar[str] = "facts.notifier.message_sent.v1"
    about: ClassVar[str] = "message_id"

    message_id: UUID
    purpose: str
    """What it is for, such as `invitation`."""
    concerns_id: UUID
    """The id of what it was written about, such as the invitation."""
    accepted_at: Instant


class MessageFailed(Fact, frozen=True, kw_only=True):
    """A mail was refused for good; somebody should call."""

    subject: ClassVar[str] = "facts.notifier.message_failed.v1"
    about: ClassVar[str] = "message_id"

    message_id: UUID
    purpose: str
    concerns_id: UUID
    smtp_code: int


class LetterBatchPrinted(Fact, frozen=True, kw_only=True):
    """The letters of one batch were downloaded for printing."""

    subject: ClassVar[str] = "facts.notifier.letter_batch_printed.v1"
    about: ClassVar[str] = "letter_batch_id"

    letter_batch_id: UUID
    letters: int
