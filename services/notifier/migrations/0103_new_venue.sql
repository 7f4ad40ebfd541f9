-- migrate:up
-- Guests are told when the event moves to another hall at the same time.

set lock_timeout = '5s';

alter table known_event add column venue text not null default '';

-- The new check allows all that the old one did.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled'
)) not valid;

-- migrate:down
