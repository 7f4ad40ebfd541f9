-- migrate:up
-- Staff register people who telephone: they may have no e-mail address, and leave a number instead.
-- A course may ask for a proof of engagement; who registers then waits for staff to have seen it.
-- The tables hold a few thousand rows, and no course asks for a proof before all processes are new.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- squawk-ignore-file ban-drop-not-null, ban-drop-constraint

set lock_timeout = '5s';

alter table course add column needs_proof boolean not null default false;

-- Where `email` is null there is none, or it was erased: of empty texts the index below would allow
-- one in each run.
alter table course_registration
alter column email drop not null,
add column phone text not null default '',
add column proof_seen_at timestamptz,
add column refusal text not null default '';

alter table course_registration add constraint course_registration_desk check (
    length(phone) <= 40
    and length(refusal) <= 500
    and (email is not null or phone <> '' or erased_at is not null)
    and (erased_at is null or phone = '' and refusal = '')
) not valid;

-- The new check allows all that the old one did.
alter table course_registration drop constraint course_registration_state_check;
alter table course_registration add constraint course_registration_state_check check (state in (
    'requested', 'proof_pending', 'refused', 'registered', 'waitlisted', 'offered', 'left',
    'lapsed', 'unserved', 'cancelled_in_time', 'cancelled_late', 'substituted', 'attended',
    'absent'
)) not valid;

-- What the old index refused, the new one refuses as well; it serves the statements of both.
create unique index course_registration_counts on course_registration (course_run_id, lower(email))
where state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered');

drop index course_registration_once;

-- migrate:down
