"""Says what a staff session is, how long it lives, and which groups give which role."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from shared.auth import TOKEN_LIFETIME, Role, Staff
from shared.errors import Forbidden, Malformed, Refused

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=10)
"""Source: OWASP ASVS 5.0 7.3, NIST SP 800-63B 4.2.3: a working day, then sign in again."""
ATTEMPT: Final = timedelta(minutes=10)
"""How long somebody may take at the provider's page."""
KEPT: Final = timedelta(days=30)
"""How long an ended session stays in the list."""


class SignInExpired(Malformed):
    """The provider's answer fits no attempt of this browser, or the attempt was used already."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Anmeldung ist abgelaufen oder wurde schon benutzt. Bitte melden Sie sich noch"
            " einmal an."
        )


class SignInDeclined(Forbidden):
    """The provider has said no, or the person has."""

    def __init__(self) -> None:
        super().__init__("Die Anmeldung wurde abgebrochen oder vom Anmeldedienst abgelehnt.")


class SignInUntrusted(Forbidden):
    """What came from the provider cannot be believed; the reason stands in the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "Die Antwort des Anmeldedienstes ließ sich nicht prüfen. Bitte melden Sie sich noch"
            " einmal an; kommt das wieder vor, sagen Sie es bitte dem Betrieb."
        )
        self.reason = reason


class NoRole(Forbidden):
    """The person is known, but no group of theirs gives a role."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}, Ihrem Konto ist hier noch keine Rolle zugeordnet. Bitte wenden Sie sich an"
            " die Stelle, die die Benutzergruppen verwaltet."
        )


class SecondFactorMissing(Forbidden):
    """The sign-in was weaker than this city demands."""

    def __init__(self) -> None:
        super().__init__("Bitte melden Sie sich mit einem zweiten Faktor an.")


class ProviderAway(Refused):
    """The OpenID provider cannot be reached (503)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Der Anmeldedienst ist gerade nicht erreichbar. Bitte versuchen Sie es in einer Minute"
            " erneut."
        )


class Attempt(msgspec.Struct, frozen=True):
    """One way to the provider and back, of one browser, good for one answer."""

    nonce: str
    verifier: str
    return_path: str


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for."""

    subject: str
    """Issuer and subject: never given to anybody else."""
    name: str
    groups: tuple[str, ...]


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser of a member of staff."""

    session_id: UUID
    version: int
    subject: str
    name: str
    roles: list[str]
    browser: str
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None

    def member(self, now: datetime) -> Staff:
        """Return the member of staff, with a token's end that the session does not outlive."""
        return Staff(
            subject=self.subject,
            name=self.name,
            roles=frozenset(Role(role) for role in self.roles),
            session_id=self.session_id,
            expires_at=min(now + TOKEN_LIFETIME, self.started_at + ABSOLUTE),
        )


def roles_of(groups: Iterable[str], prefix: str) -> frozenset[Role]:
    """Return the roles that groups give: `ehrensache-clerk` gives the clerk's."""
    named = {group.removeprefix(prefix) for group in groups if group.startswith(prefix)}
    return frozenset(role for role in Role if role.value in named)


def browser_name(user_agent: str) -> str:
    """Return what a person recognises a browser by, such as `Firefox auf Windows`."""
    browsers = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "macOS",
        "Linux": "Linux",
    }
    browser = next((name for sign, name in browsers.items() if sign in user_agent), "Browser")
    system = next((name for sign, name in systems.items() if sign in user_agent), "")
    return f"{browser} auf {system}" if system else browser


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def attempt_hashes(state: str, browser_secret: str) -> tuple[bytes, bytes]:
    """Return what an attempt is found by."""
    return (
        hashlib.sha256(state.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(browser_secret.encode("utf-8", "surrogatepass")).digest(),
    )
