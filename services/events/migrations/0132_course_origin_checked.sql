-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing.

set lock_timeout = '5s';

alter table calendar_event validate constraint calendar_event_origin_check;

-- migrate:down
