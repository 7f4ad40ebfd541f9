"""What events promises: facts about calendar events, submissions, partners' items and courses."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Instant


class _OfEvent(Fact, frozen=True, kw_only=True):
    """Something has happened to a calendar event (Veranstaltung)."""

    about: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID


class EventPublished(_OfEvent, frozen=True, kw_only=True):
    """A calendar event (Veranstaltung) stands in the public calendar."""

    subject: ClassVar[str] = "facts.events.event_published.v1"


class EventChanged(_OfEvent, frozen=True, kw_only=True):
    """Something about a published event has changed, its time has not."""

    subject: ClassVar[str] = "facts.events.event_changed.v1"


class EventRescheduled(_OfEvent, frozen=True, kw_only=True):
    """A published event has moved to another time (Verlegung)."""

    subject: ClassVar[str] = "facts.events.event_rescheduled.v1"

    previous_starts_at: Instant


class EventPostponed(_OfEvent, frozen=True, kw_only=True):
    """A published event is put off (Verschiebung); there is no new date yet."""

    subject: ClassVar[str] = "facts.events.event_postponed.v1"


class EventCancelled(_OfEvent, frozen=True, kw_only=True):
    """A published event will not take place (Absage); it stays visible."""

    subject: ClassVar[str] = "facts.events.event_cancelled.v1"


class EventWithdrawn(_OfEvent, frozen=True, kw_only=True):
    """An event is no longer in the calendar, as if it had never been there (Löschung).

    Its partner took it back, or it was merged into another that stays.
    """

    subject: ClassVar[str] = "facts.events.event_withdrawn.v1"

    kept_event_id: UUID | None = None
    """The event that stands for it now, if it was merged."""


class EventSubmitted(_OfEvent, frozen=True, kw_only=True):
    """An association asks for its event to be published (Einreichung)."""

    subject: ClassVar[str] = "facts.events.event_submitted.v1"


class SubmissionReturned(_OfEvent, frozen=True, kw_only=True):
    """Editors have given an association's event back to be bettered (Rückgabe), with a reason."""

    subject: ClassVar[str] = "facts.events.submission_returned.v1"


class SubmissionRefused(_OfEvent, frozen=True, kw_only=True):
    """Editors have refused an association's event (Ablehnung), with a reason."""

    subject: ClassVar[str] = "facts.events.submission_refused.v1"


class SubmissionPublished(_OfEvent, frozen=True, kw_only=True):
    """An association's event stands in the public calendar; `EventPublished` tells it to all.

    Apart from that, so that who writes to associations need not hear of all that partners publish.
    """

    subject: ClassVar[str] = "facts.events.submission_published.v1"


class PartnerItemAccepted(Fact, frozen=True, kw_only=True):
    """A partner's item has become, or has changed, a calendar event (Einspeisung)."""

    subject: ClassVar[str] = "facts.events.partner_item_accepted.v1"
    about: ClassVar[str] = "partner_item_id"

    partner_item_id: UUID
    partner_id: UUID
    calendar_event_id: UUID


class PartnerItemQuarantined(Fact, frozen=True, kw_only=True):
    """A partner's item was refused and is kept with its reason."""

    subject: ClassVar[str] = "facts.events.partner_item_quarantined.v1"
    about: ClassVar[str] = "partner_item_id"

    partner_item_id: UUID
    partner_id: UUID
    reason: str
    """The stable code of the reason, such as `start_missing`."""


class CourseRunOpened(Fact, frozen=True, kw_only=True):
    """A run of a course (Durchgang) is announced; one can register once its registration opens."""

    subject: ClassVar[str] = "facts.events.course_run_opened.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID
    course_id: UUID


class CourseRunConfirmed(Fact, frozen=True, kw_only=True):
    """A run is held: enough people take part, or staff have decided so."""

    subject: ClassVar[str] = "facts.events.course_run_confirmed.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class CourseRunRescheduled(Fact, frozen=True, kw_only=True):
    """A run has moved to another time or place; registrations and the waiting list stay."""

    subject: ClassVar[str] = "facts.events.course_run_rescheduled.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID
    previous_starts_at: Instant


class CourseRunCancelled(Fact, frozen=True, kw_only=True):
    """A run is not held; everybody who takes part or waits is told."""

    subject: ClassVar[str] = "facts.events.course_run_cancelled.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class CourseRunHeld(Fact, frozen=True, kw_only=True):
    """A run is over; its waiting list has ended with it."""

    subject: ClassVar[str] = "facts.events.course_run_held.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class _OfRegistration(Fact, frozen=True, kw_only=True):
    """Something has happened to one registration (Anmeldung) of a run."""

    about: ClassVar[str] = "course_registration_id"

    course_registration_id: UUID
    course_run_id: UUID


class CourseRegistrationRequested(_OfRegistration, frozen=True, kw_only=True):
    """Somebody wants to take part, or wants their link again; a link goes to their address.

    Nothing is decided by it and no place is held: it counts once the link is used.
    """

    subject: ClassVar[str] = "facts.events.course_registration_requested.v1"


class CourseRegistered(_OfRegistration, frozen=True, kw_only=True):
    """A registration is confirmed, or an offer taken, or a place taken over: it has a place."""

    subject: ClassVar[str] = "facts.events.course_registered.v1"


class CourseWaitlisted(_OfRegistration, frozen=True, kw_only=True):
    """A registration is confirmed and waits, for all places are taken (Warteliste)."""

    subject: ClassVar[str] = "facts.events.course_waitlisted.v1"


class CourseProofAwaited(_OfRegistration, frozen=True, kw_only=True):
    """A registration is confirmed, and counts once staff have seen a proof of engagement."""

    subject: ClassVar[str] = "facts.events.course_proof_awaited.v1"


class CourseRegistrationRefused(_OfRegistration, frozen=True, kw_only=True):
    """Staff do not take somebody's proof of engagement (Nachweis); no place comes of it."""

    subject: ClassVar[str] = "facts.events.course_registration_refused.v1"


class CoursePlaceOffered(_OfRegistration, frozen=True, kw_only=True):
    """A place has become free and is held for who has waited longest (Nachrücken)."""

    subject: ClassVar[str] = "facts.events.course_place_offered.v1"

    offered_until: Instant


class CourseOfferLapsed(_OfRegistration, frozen=True, kw_only=True):
    """An offered place was not taken in time and goes to the next."""

    subject: ClassVar[str] = "facts.events.course_offer_lapsed.v1"


class CourseRegistrationCancelled(_OfRegistration, frozen=True, kw_only=True):
    """A participant withdraws (Abmeldung): in time or late."""

    subject: ClassVar[str] = "facts.events.course_registration_cancelled.v1"

    is_in_time: bool


class CourseWaitingListLeft(_OfRegistration, frozen=True, kw_only=True):
    """Somebody waits no longer, or has declined the place that was offered."""

    subject: ClassVar[str] = "facts.events.course_waiting_list_left.v1"


class ParticipantSubstituted(_OfRegistration, frozen=True, kw_only=True):
    """A participant has passed their place to somebody else (Ersatzperson)."""

    subject: ClassVar[str] = "facts.events.participant_substituted.v1"

    substitute_id: UUID
    """The registration that has the place now."""


class CourseAttendanceRecorded(_OfRegistration, frozen=True, kw_only=True):
    """Staff have noted whether a participant was there (Anwesenheit)."""

    subject: ClassVar[str] = "facts.events.course_attendance_recorded.v1"

    has_attended: bool


class CourseCertificateRequested(_OfRegistration, frozen=True, kw_only=True):
    """Somebody who has attended asks for a certificate (Teilnahmebescheinigung)."""

    subject: ClassVar[str] = "facts.events.course_certificate_requested.v1"
