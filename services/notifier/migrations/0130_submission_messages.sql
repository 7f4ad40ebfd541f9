-- migrate:up
-- Messages to associations about the events that they have submitted. The ledger keeps ids only:
-- name, address, reason and link are asked of events when a mail is written.
-- No row has an event yet, so that the partial index is made of nothing.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

-- A line of the ledger is about an invitation, a request for nominations, a registration or a
-- submitted event; those about the last two go by mail only.
alter table message
add column calendar_event_id uuid,
add column calendar_event_version integer;

create index message_calendar_event on message (calendar_event_id)
where calendar_event_id is not null;

-- The new checks allow all that the old ones did.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled',
    'nomination_request', 'nomination_reminder', 'nomination_change', 'nomination_withdrawal',
    'course_link', 'course_place', 'course_waiting_list', 'course_offer', 'course_lapsed_offer',
    'course_withdrawal', 'course_moved', 'course_cancelled',
    'submission_receipt', 'submission_returned', 'submission_refused', 'submission_published'
)) not valid;

-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_recipient_check;

alter table message add constraint message_recipient_check check (
    num_nonnulls(calendar_event_id, calendar_event_version) = 2
    and num_nulls(course_registration_id, course_run_id, course_version) = 3
    and num_nulls(invitation_id, invitation_version, person_id) = 3
    and num_nulls(nomination_request_id, nomination_request_version, organisation_id) = 3
    and honouring_event_id is null
    and purpose like 'submission\_%'
    and channel is not distinct from 'mail'
    or num_nulls(calendar_event_id, calendar_event_version) = 2
    and purpose not like 'submission\_%'
    and (
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
    )
) not valid;

-- migrate:down
