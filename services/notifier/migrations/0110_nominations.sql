-- migrate:up
-- Messages to associations that are asked for guests: a line of the ledger is about an invitation
-- and goes to its person, or is about a request for nominations and goes to its association.
-- A worker of the version before leaves lines without an invitation alone: it cannot ask for them.
-- squawk-ignore-file ban-drop-not-null

set lock_timeout = '5s';

alter table message
add column nomination_request_id uuid,
add column nomination_request_version integer,
add column organisation_id uuid,
alter column invitation_id drop not null,
alter column invitation_version drop not null;

-- The new checks allow all that stands there.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled',
    'nomination_request', 'nomination_reminder', 'nomination_change', 'nomination_withdrawal'
)) not valid;

alter table message add constraint message_recipient_check check (
    num_nonnulls(invitation_id, invitation_version) = 2
    and num_nulls(nomination_request_id, nomination_request_version, organisation_id) = 3
    or num_nonnulls(nomination_request_id, nomination_request_version, organisation_id) = 3
    and num_nulls(invitation_id, invitation_version, person_id) = 3
) not valid;

-- migrate:down
