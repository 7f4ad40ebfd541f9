"""Asks recognition, registry and events for what messages say, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeAlias
from uuid import UUID

import msgspec

from services.notifier.course_occasion import CourseOccasion
from services.notifier.courses import COURSE, reason_to_withhold_course
from services.notifier.model import BULK, Purpose, reason_to_withhold, reminder_due
from services.notifier.nomination_occasion import NominationOccasion
from services.notifier.nominations import NOMINATION, reason_to_withhold_nomination
from services.notifier.occasion import Occasion
from services.notifier.opt_out_links import PATH, opt_out_token
from services.notifier.settings import Settings
from services.notifier.submission_occasion import SubmissionOccasion
from services.notifier.submissions import SUBMISSION, reason_to_withhold_submission
from shared.asks import Asks
from shared.contracts.courses import CourseRegistrationDetails, CourseRegistrations
from shared.contracts.events_reads import SubmissionDetails, Submissions
from shared.contracts.recognition import GuestDetails, Guests
from shared.contracts.recognition_reads import NominationDetails, Nominations
from shared.contracts.registry import OrganisationDetails, Organisations, People, PersonDetails

GUESTS_AT_ONCE: Final = 100
"""An answer with programme, tickets and links of more guests would not fit into one message."""
UNKNOWN: Final = frozenset(
    {"recipient_unknown", "participant_unknown", "submission_unknown", "no_contact", "no_email"}
)
"""Reasons that say that nobody is there (any more) to whom a message could go."""
LetterOccasion: TypeAlias = Occasion | NominationOccasion
MailOccasion: TypeAlias = LetterOccasion | CourseOccasion | SubmissionOccasion
MAIL_ONLY: Final = COURSE | SUBMISSION
"""Purposes of what events is asked about; there are no letters of them."""


class About(Protocol):
    """A message, as far as it says what it is about."""

    @property
    def concerns_id(self) -> UUID:
        """Return the id of what it is about, as its purpose says; `Claimed` lists which."""


class Now(msgspec.Struct, frozen=True):
    """The moment of writing, and what is known then besides the guest."""

    at: datetime
    previous_starts_at: datetime | None = None
    """When the event was to start before it was moved, if it was."""


class Untrue(msgspec.Struct, frozen=True):
    """Why a message cannot be written any more, as a code."""

    reason: str


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What is known right now of the recipients of some messages, by id."""

    guests: Mapping[UUID, GuestDetails]
    people: Mapping[UUID, PersonDetails]
    nominations: Mapping[UUID, NominationDetails]
    organisations: Mapping[UUID, OrganisationDetails]
    registrations: Mapping[UUID, CourseRegistrationDetails]
    submissions: Mapping[UUID, SubmissionDetails]

    def occasion(
        self, settings: Settings, purpose: Purpose, concerns_id: UUID, now: Now
    ) -> MailOccasion | Untrue:
        """Return what a mail about this can say, or why it is not true any more.

        The reason is one of `UNKNOWN` if the service whose it is does not know it.
        """
        if purpose in COURSE:
            return self._course(settings, purpose, concerns_id, now)
        if purpose in SUBMISSION:
            return self._submission(settings, purpose, concerns_id, now)
        return self.letter_occasion(settings, purpose, concerns_id, now)

    def letter_occasion(
        self, settings: Settings, purpose: Purpose, concerns_id: UUID, now: Now
    ) -> LetterOccasion | Untrue:
        """Return the same for what goes by mail or as a letter: all but `MAIL_ONLY`."""
        if purpose in NOMINATION.values():
            return self._nomination(settings, purpose, concerns_id, now)
        guest = self.guests.get(concerns_id)
        person = self.people.get(guest.person_id) if guest else None
        if guest is None or person is None:
            return Untrue("recipient_unknown")
        if reason := reason_to_withhold(purpose, guest, now.at):
            return Untrue(reason)
        return occasion(settings, purpose, guest, person, now)

    def _nomination(
        self, settings: Settings, purpose: Purpose, concerns_id: UUID, now: Now
    ) -> NominationOccasion | Untrue:
        nomination = self.nominations.get(concerns_id)
        organisation = self.organisations.get(nomination.organisation_id) if nomination else None
        if nomination is None or organisation is None:
            return Untrue("recipient_unknown")
        if reason := reason_to_withhold_nomination(purpose, nomination, now.at):
            return Untrue(reason)
        return NominationOccasion(
            nomination=nomination,
            organisation=organisation,
            sender=settings.sender,
            public_url=settings.public_url,
            written_at=now.at,
        )

    def _course(
        self, settings: Settings, purpose: Purpose, concerns_id: UUID, now: Now
    ) -> CourseOccasion | Untrue:
        told = self.registrations.get(concerns_id)
        if told is None:
            return Untrue("participant_unknown")
        if not told.email:
            return Untrue("no_email")
        if reason := reason_to_withhold_course(purpose, told, now.at):
            return Untrue(reason)
        return CourseOccasion(
            told=told,
            sender=settings.sender,
            public_url=settings.public_url,
            written_at=now.at,
        )

    def _submission(
        self, settings: Settings, purpose: Purpose, concerns_id: UUID, now: Now
    ) -> SubmissionOccasion | Untrue:
        told = self.submissions.get(concerns_id)
        if told is None:
            return Untrue("submission_unknown")
        if reason := reason_to_withhold_submission(purpose, told):
            return Untrue(reason)
        return SubmissionOccasion(
            told=told,
            sender=settings.sender,
            public_url=settings.public_url,
            written_at=now.at,
        )


def remind_at(purpose: Purpose, occasion: MailOccasion, told_at: datetime) -> datetime | None:
    """Return when a guest who is invited now is to be reminded; None if never.

    Recognition itself says when an association is reminded: it knows who has proposed nobody.
    """
    if isinstance(occasion, Occasion):
        return reminder_due(purpose, occasion.guest, told_at)
    return None


async def gather(asks: Asks, messages: Sequence[tuple[Purpose, About]]) -> Gathered:
    """Return what these messages are about, with fresh links and codes, and who gets them.

    Raises:
        AskFailed: a service whose they are does not answer at present.
    """
    enrolled = [one.concerns_id for purpose, one in messages if purpose in COURSE]
    submitted = [one.concerns_id for purpose, one in messages if purpose in SUBMISSION]
    asked = [one.concerns_id for purpose, one in messages if purpose in NOMINATION.values()]
    invited = [
        one.concerns_id
        for purpose, one in messages
        if purpose not in MAIL_ONLY and purpose not in NOMINATION.values()
    ]
    found = [
        guest
        for start in range(0, len(invited), GUESTS_AT_ONCE)
        for guest in await asks(Guests, invited[start : start + GUESTS_AT_ONCE])
    ]
    nominations = await asks(Nominations, asked)
    return Gathered(
        guests={guest.invitation_id: guest for guest in found},
        people=await people(asks, {guest.person_id for guest in found}),
        nominations={one.nomination_request_id: one for one in nominations},
        organisations=await organisations(asks, {one.organisation_id for one in nominations}),
        registrations={
            one.course_registration_id: one for one in await asks(CourseRegistrations, enrolled)
        },
        submissions={one.calendar_event_id: one for one in await asks(Submissions, submitted)},
    )


async def people(asks: Asks, person_ids: Iterable[UUID]) -> dict[UUID, PersonDetails]:
    """Return the people with these ids; unknown ones are left out.

    Raises:
        AskFailed: registry does not answer at present.
    """
    return {person.person_id: person for person in await asks(People, person_ids)}


async def organisations(
    asks: Asks, organisation_ids: Iterable[UUID]
) -> dict[UUID, OrganisationDetails]:
    """Return the associations with these ids; unknown ones are left out.

    Raises:
        AskFailed: registry does not answer at present.
    """
    return {one.organisation_id: one for one in await asks(Organisations, organisation_ids)}


def occasion(
    settings: Settings, purpose: Purpose, guest: GuestDetails, person: PersonDetails, now: Now
) -> Occasion:
    """Return what a message to this guest can say."""
    opt_out_url = ""
    if purpose in BULK:
        token = opt_out_token(settings.opt_out_key, person.person_id)
        opt_out_url = f"{settings.public_url}{PATH}/{token}"
    return Occasion(
        guest=guest,
        person=person,
        sender=settings.sender,
        public_url=settings.public_url,
        written_at=now.at,
        previous_starts_at=now.previous_starts_at,
        opt_out_url=opt_out_url,
    )
