-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing.

set lock_timeout = '5s';

alter table message validate constraint message_purpose_check;
alter table message validate constraint message_recipient_check;

-- migrate:down
