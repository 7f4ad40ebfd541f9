-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing.

set lock_timeout = '5s';

alter table message validate constraint message_purpose_check;
alter table known_registration validate constraint known_registration_state_check;

-- migrate:down
