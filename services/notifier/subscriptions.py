"""Hears of invitations, nominations, events, courses and reviews, and queues what to tell."""

from collections.abc import Sequence

from services.notifier.commands.announce_cancellation import (
    AnnounceCancellation,
    announce_cancellation,
)
from services.notifier.commands.announce_new_time import AnnounceNewTime, announce_new_time
from services.notifier.commands.announce_run_change import (
    AnnouncedChange,
    AnnounceRunChange,
    announce_run_change,
)
from services.notifier.commands.follow_invitations import FollowInvitations, follow_invitations
from services.notifier.commands.follow_nominations import FollowNominations, follow_nominations
from services.notifier.commands.follow_registrations import (
    FollowRegistrations,
    follow_registrations,
)
from services.notifier.commands.follow_reviews import FollowReviews, follow_reviews
from services.notifier.commands.keep_honouring_event import (
    KeepHonouringEvent,
    keep_honouring_event,
)
from services.notifier.courses import RegistrationFact
from services.notifier.model import InvitationFact
from services.notifier.nominations import NominationFact
from services.notifier.submissions import ReviewFact
from shared.broker import Subscriptions
from shared.contracts.events import (
    CourseOfferLapsed,
    CoursePlaceOffered,
    CourseProofAwaited,
    CourseRegistered,
    CourseRegistrationCancelled,
    CourseRegistrationRefused,
    CourseRegistrationRequested,
    CourseRunCancelled,
    CourseRunConfirmed,
    CourseRunRescheduled,
    CourseWaitingListLeft,
    CourseWaitlisted,
    EventSubmitted,
    ParticipantSubstituted,
    SubmissionPublished,
    SubmissionRefused,
    SubmissionReturned,
)
from shared.contracts.recognition import (
    GuestInvited,
    HonouringEventCancelled,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
    InvitationAccepted,
    InvitationDeclined,
    InvitationWaitlisted,
    NominationReminded,
    NominationRequestChanged,
    NominationRequested,
    NominationRequestWithdrawn,
    ReplacementLapsed,
    ReplacementOffered,
)
from shared.contracts.registry import StaffSessionEnded
from shared.database import Connection
from shared.ended_sessions import keep_ended_sessions


def subscriptions() -> Subscriptions:
    """Return what notifier listens to."""
    heard = Subscriptions("notifier")
    heard.on(StaffSessionEnded)(keep_ended_sessions)
    heard.on(HonouringEventPlanned, HonouringEventChanged)(_keep_events)
    heard.on(HonouringEventRescheduled)(_announce_new_times)
    heard.on(HonouringEventCancelled)(_announce_cancellations)
    heard.on(
        GuestInvited,
        InvitationAccepted,
        InvitationDeclined,
        InvitationWaitlisted,
        ReplacementOffered,
        ReplacementLapsed,
        traced=True,
    )(_follow_invitations)
    heard.on(
        NominationRequested,
        NominationReminded,
        NominationRequestChanged,
        NominationRequestWithdrawn,
    )(_follow_nominations)
    _hear_of_courses(heard)
    _hear_of_reviews(heard)
    return heard


def _hear_of_courses(heard: Subscriptions) -> None:
    heard.on(
        CourseRegistrationRequested,
        CourseProofAwaited,
        CourseRegistrationRefused,
        CourseRegistered,
        CourseWaitlisted,
        CoursePlaceOffered,
        CourseOfferLapsed,
        CourseRegistrationCancelled,
        CourseWaitingListLeft,
        ParticipantSubstituted,
    )(_follow_registrations)
    heard.on(CourseRunRescheduled, CourseRunConfirmed, CourseRunCancelled)(_announce_run_changes)


def _hear_of_reviews(heard: Subscriptions) -> None:
    heard.on(
        EventSubmitted,
        SubmissionReturned,
        SubmissionRefused,
        SubmissionPublished,
    )(_follow_reviews)


async def _follow_registrations(transaction: Connection, facts: Sequence[RegistrationFact]) -> None:
    await follow_registrations(transaction, FollowRegistrations(facts=tuple(facts)))


async def _follow_reviews(transaction: Connection, facts: Sequence[ReviewFact]) -> None:
    await follow_reviews(transaction, FollowReviews(facts=tuple(facts)))


async def _announce_run_changes(transaction: Connection, facts: Sequence[AnnouncedChange]) -> None:
    for fact in facts:
        await announce_run_change(transaction, AnnounceRunChange(fact=fact))


async def _follow_invitations(
    transaction: Connection, facts: Sequence[InvitationFact], traceparents: Sequence[str]
) -> None:
    command = FollowInvitations(facts=tuple(facts), traceparents=tuple(traceparents))
    await follow_invitations(transaction, command)


async def _follow_nominations(transaction: Connection, facts: Sequence[NominationFact]) -> None:
    await follow_nominations(transaction, FollowNominations(facts=tuple(facts)))


async def _keep_events(
    transaction: Connection, facts: Sequence[HonouringEventPlanned | HonouringEventChanged]
) -> None:
    for fact in facts:
        await keep_honouring_event(transaction, KeepHonouringEvent(fact=fact))


async def _announce_new_times(
    transaction: Connection, facts: Sequence[HonouringEventRescheduled]
) -> None:
    for fact in facts:
        await announce_new_time(transaction, AnnounceNewTime(fact=fact))


async def _announce_cancellations(
    transaction: Connection, facts: Sequence[HonouringEventCancelled]
) -> None:
    for fact in facts:
        await announce_cancellation(transaction, AnnounceCancellation(fact=fact))
