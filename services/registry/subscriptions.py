"""What registry hears from other services."""

from shared.broker import Subscriptions
from shared.contracts.registry import StaffSessionEnded
from shared.ended_sessions import keep_ended_sessions


def subscriptions() -> Subscriptions:
    """Return what registry listens to: only the ends of sessions, like everybody."""
    heard = Subscriptions("registry")
    heard.on(StaffSessionEnded)(keep_ended_sessions)
    return heard
