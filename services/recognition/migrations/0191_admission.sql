-- migrate:up
-- From when on a scan at the door admits somebody; before that it is rehearsed. `admission_hours`
-- counts back from the beginning, and staff may open by hand before.

set lock_timeout = '5s';

alter table honouring_event
add column admission_hours integer not null default 3,
add column admission_opened_at timestamptz;

alter table honouring_event add constraint honouring_event_admission_hours_check
check (admission_hours between 1 and 24) not valid;

-- migrate:down
