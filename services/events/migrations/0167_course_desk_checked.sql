-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing.

set lock_timeout = '5s';

alter table course_registration validate constraint course_registration_desk;
alter table course_registration validate constraint course_registration_state_check;

-- migrate:down
