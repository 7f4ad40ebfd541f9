-- migrate:up
-- The check of the migration before looks at the rows that were there, without stopping anybody.

set lock_timeout = '5s';

alter table honouring_event validate constraint honouring_event_admission_hours_check;

-- migrate:down
