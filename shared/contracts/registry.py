"""What registry promises: facts about people, organisations and staff, and its reads by id."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Fact, Instant


class OrganisationRegistered(Fact, frozen=True, kw_only=True):
    """An association that people volunteer in (Trägerorganisation) has been registered."""

    subject: ClassVar[str] = "facts.registry.organisation_registered.v1"
    about: ClassVar[str] = "organisation_id"

    organisation_id: UUID


class OrganisationChanged(Fact, frozen=True, kw_only=True):
    """An organisation's name, address or contact has changed."""

    subject: ClassVar[str] = "facts.registry.organisation_changed.v1"
    about: ClassVar[str] = "organisation_id"

    organisation_id: UUID


class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A natural person has been registered."""

    subject: ClassVar[str] = "facts.registry.person_registered.v1"
    about: ClassVar[str] = "person_id"

    person_id: UUID


class PersonChanged(Fact, frozen=True, kw_only=True):
    """A person's name, address or e-mail has changed."""

    subject: ClassVar[str] = "facts.registry.person_changed.v1"
    about: ClassVar[str] = "person_id"

    person_id: UUID


class EngagementRegistered(Fact, frozen=True, kw_only=True):
    """A person's voluntary activity in one organisation (Engagement) has been registered."""

    subject: ClassVar[str] = "facts.registry.engagement_registered.v1"
    about: ClassVar[str] = "engagement_id"

    engagement_id: UUID
    person_id: UUID
    organisation_id: UUID
    since_on: date | None = None


class EngagementChanged(Fact, frozen=True, kw_only=True):
    """An engagement's extent or period has changed."""

    subject: ClassVar[str] = "facts.registry.engagement_changed.v1"
    about: ClassVar[str] = "engagement_id"

    engagement_id: UUID
    person_id: UUID
    organisation_id: UUID
    since_on: date | None = None
    until_on: date | None = None


class StaffSessionEnded(Fact, frozen=True, kw_only=True):
    """A member of staff has signed out, or a role was revoked: its tokens no longer count."""

    subject: ClassVar[str] = "facts.registry.staff_session_ended.v1"
    about: ClassVar[str] = "session_id"

    session_id: UUID
    forget_after: Instant
    """When the last token of the session has run out by itself."""


class PersonDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A person as others may need them: for an address, a salutation, a list."""

    person_id: UUID
    version: int
    salutation: str
    """"Frau", "Herr" or empty: then the full name is the salutation."""
    given_name: str
    family_name: str
    email: str | None
    street: str
    postal_code: str
    town: str


class People(Ask[PersonDetails], frozen=True, kw_only=True):
    """Ask registry for people by id."""

    subject: ClassVar[str] = "ask.registry.people.v1"
    answer: ClassVar[type[msgspec.Struct]] = PersonDetails


class OrganisationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation with its contact."""

    organisation_id: UUID
    version: int
    name: str
    field: str
    """Code of the field of engagement, such as `sport`."""
    district: str
    email: str | None
    """Where the association reads its mail; None: by letter."""
    contact_name: str
    street: str
    postal_code: str
    town: str


class Organisations(Ask[OrganisationDetails], frozen=True, kw_only=True):
    """Ask registry for organisations by id."""

    subject: ClassVar[str] = "ask.registry.organisations.v1"
    answer: ClassVar[type[msgspec.Struct]] = OrganisationDetails


class StaffTokenDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A fresh staff token for a session that is still alive."""

    session_id: UUID
    token: str


class StaffTokens(Ask[StaffTokenDetails], frozen=True, kw_only=True):
    """Ask registry to renew the signed tokens of live staff sessions.

    The ids are session keys and not session ids: half of the hash of the secret in the browser's
    cookie (`shared.web.sessions.session_key`), so that only who was shown the cookie can ask.
    """

    subject: ClassVar[str] = "ask.registry.staff_tokens.v1"
    answer: ClassVar[type[msgspec.Struct]] = StaffTokenDetails
