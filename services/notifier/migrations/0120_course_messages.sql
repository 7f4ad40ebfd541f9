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

-- A message concerns an invitation or a registration; those about registrations go by mail only.
alter table message
alter column invitation_id drop not null,
alter column invitation_version drop not null,
alter column honouring_event_id drop not null,
add column course_registration_id uuid,
add column course_run_id uuid,
add column course_version integer;

create index message_course_registration on message (course_registration_id)
where course_registration_id is not null;

-- The new check allows all that the old one did.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled',
    'course_link', 'course_place', 'course_waiting_list', 'course_offer', 'course_lapsed_offer',
    'course_withdrawal', 'course_moved', 'course_cancelled'
)) not valid;

alter table message add constraint message_concerns_check check (
    (invitation_id is null) = (purpose like 'course\_%')
    and (invitation_version is null) = (invitation_id is null)
    and (honouring_event_id is null) = (invitation_id is null)
    and (course_registration_id is null) = (invitation_id is not null)
    and (course_run_id is null) = (course_registration_id is null)
    and (course_version is null) = (course_registration_id is null)
    and (course_registration_id is null or channel = 'mail')
) not valid;

-- migrate:down
