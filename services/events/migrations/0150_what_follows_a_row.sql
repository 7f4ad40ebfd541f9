-- migrate:up
-- What a course names may go: then the name goes, and not the course.
-- squawk-ignore-file adding-foreign-key-constraint
-- squawk-ignore-file constraint-missing-not-valid
-- squawk-ignore-file ban-drop-constraint

set lock_timeout = '5s';

alter table course_run drop constraint course_run_calendar_event_id_fkey;
alter table course_run add constraint course_run_calendar_event_id_fkey
foreign key (calendar_event_id) references calendar_event on delete set null;

-- A registration that goes does not keep its substitute from staying, nor the other way round.
alter table course_registration drop constraint course_registration_substitutes_id_fkey;
alter table course_registration add constraint course_registration_substitutes_id_fkey
foreign key (substitutes_id) references course_registration on delete set null;

-- migrate:down
