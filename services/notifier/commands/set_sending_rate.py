"""Set how fast mails go out."""

from typing import Final

import msgspec

from services.notifier.store import control
from shared import audit
from shared.database import Connection
from shared.errors import Malformed

SLOWEST: Final = 0.1
FASTEST: Final = 1000.0


class RateOutOfRange(Malformed):
    """A rate that no mail server likes, or at which nothing would ever be done."""

    def __init__(self) -> None:
        super().__init__("Bitte 0 (ohne Grenze) oder 0,1 bis 1.000.", "mails_per_second")


class SetSendingRate(msgspec.Struct, frozen=True, kw_only=True):
    """The new rate, and who sets it."""

    mails_per_second: float
    """0 is as fast as possible."""
    actor: str
    """Subject of the staff token."""


async def set_sending_rate(transaction: Connection, command: SetSendingRate) -> None:
    """Have all workers together keep to a new rate from now on.

    Raises:
        RateOutOfRange: neither 0 nor between a mail in ten seconds and a thousand in one.
    """
    rate = command.mails_per_second
    if rate and not SLOWEST <= rate <= FASTEST:
        raise RateOutOfRange
    await control.set_rate(transaction, rate)
    await audit.note(
        transaction,
        actor=command.actor,
        action="set_sending_rate",
        concerns="sending_control",
        details={"mails_per_second": rate},
    )
