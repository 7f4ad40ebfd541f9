-- migrate:up
-- Messages to participants of courses. The ledger keeps ids only, as it does for guests: name,
-- address and link are asked of events when a mail is written.
-- No row has a registration yet, so that the partial index is made of nothing.
-- Nothing is null before the new version writes it, and no course is open before all workers are new.
-- squawk-ignore-file require-concurrent-index-creation, ban-drop-not-null

set lock_timeout = '5s';

create table known_registration (
    course_registration_id uuid primary key,
    version integer not null check (version > 0),
    course_run_id uuid not null,
    state text not null check (state in (
        'requested', 'registered', 'waitlisted', 'offered', 'ended'
    ))
);

create index known_registration_run on known_registration (course_run_id, state);

-- A line of the ledger is about an invitation, a request for nominations or a registration; those
-- about registrations go by mail only.
alter table message
alter column honouring_event_id drop not null,
add column course_registration_id uuid,
add column course_run_id uuid,
add column course_version integer;

create index message_course_registration on message (course_registration_id)
where course_registration_id is not null;

-- The new checks allow all that the old ones did.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled',
    'nomination_request', 'nomination_reminder', 'nomination_change', 'nomination_withdrawal',
    'course_link', 'course_place', 'course_waiting_list', 'course_offer', 'course_lapsed_offer',
    'course_withdrawal', 'course_moved', 'course_cancelled'
)) not valid;

-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_recipient_check;

alter table message add constraint message_recipient_check check (
    num_nonnulls(course_registration_id, course_run_id, course_version) = 3
    and num_nulls(invitation_id, invitation_version, person_id) = 3
    and num_nulls(nomination_request_id, nomination_request_version, organisation_id) = 3
    and honouring_event_id is null
    and purpose like 'course\_%'
    and channel is not distinct from 'mail'
    or num_nulls(course_registration_id, course_run_id, course_version) = 3
    and honouring_event_id is not null
    and purpose not like 'course\_%'
    and (
        num_nonnulls(invitation_id, invitation_version) = 2
        and num_nulls(nomination_request_id, nomination_request_version, organisation_id) = 3
        or num_nonnulls(nomination_request_id, nomination_request_version, organisation_id) = 3
        and num_nulls(invitation_id, invitation_version, person_id) = 3
    )
) not valid;

-- migrate:down
