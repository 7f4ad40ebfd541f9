-- migrate:up
-- Courses, their runs, and who takes part. The names and addresses of participants stand in
-- course_registration and nowhere else; they are erased some time after the run.

set lock_timeout = '5s';

create table course (
    course_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    title text not null check (length(title) between 1 and 200),
    description text not null,
    prerequisites text not null,
    organiser text not null,
    price text not null,
    planned_at timestamptz not null default now()
);

-- `held_on` are days and `starts_at`, `ends_at` the hours of each of them, on the clock of `zone`;
-- the two instants follow from them and are what timers and lists look at.
create table course_run (
    course_run_id uuid primary key default uuidv7(),
    course_id uuid not null references course,
    version integer not null default 1 check (version > 0),
    state text not null default 'planned' check (state in (
        'planned', 'open', 'confirmed', 'cancelled', 'held'
    )),
    held_on date [] not null check (cardinality(held_on) between 1 and 60),
    starts_at time not null,
    ends_at time not null check (ends_at > starts_at),
    zone text not null,
    place_name text not null check (place_name <> ''),
    place_address text not null,
    minimum integer not null check (minimum between 1 and 1000),
    opens_at timestamptz not null,
    closes_at timestamptz not null check (closes_at > opens_at),
    withdrawal_days integer not null check (withdrawal_days between 0 and 60),
    offer_hours integer not null check (offer_hours between 1 and 336),
    first_starts_at timestamptz not null check (first_starts_at >= closes_at),
    last_ends_at timestamptz not null check (last_ends_at > first_starts_at),
    previous_starts_at timestamptz,
    calendar_event_id uuid unique references calendar_event,
    planned_at timestamptz not null default now()
);

create index course_run_by_course on course_run (course_id, first_starts_at);
create index course_run_to_settle on course_run (closes_at) where state in ('open', 'confirmed');

-- One row for each run: one guarded UPDATE decides on a place. Registered and offered places count.
create table course_place_balance (
    course_run_id uuid primary key references course_run,
    maximum integer not null check (maximum between 1 and 1000),
    taken integer not null default 0 check (taken between 0 and maximum)
);

-- A person takes part, wants to, or did. `requested` holds no place: nobody knows yet whether the
-- address is the person's own.
create table course_registration (
    course_registration_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    course_run_id uuid not null references course_run,
    state text not null default 'requested' check (state in (
        'requested', 'registered', 'waitlisted', 'offered', 'left', 'lapsed', 'unserved',
        'cancelled_in_time', 'cancelled_late', 'substituted', 'attended', 'absent'
    )),
    name text not null check (length(name) <= 200),
    email text not null check (length(email) <= 254),
    consent text not null,
    requested_at timestamptz not null default now(),
    linked_at timestamptz not null default now(),
    confirmed_at timestamptz,
    waits_since timestamptz,
    offered_until timestamptz,
    substitutes_id uuid references course_registration,
    certificate_requested_at timestamptz,
    undeliverable_at timestamptz,
    erased_at timestamptz,
    check ((state = 'offered') = (offered_until is not null)),
    check ((state in ('waitlisted', 'offered')) = (waits_since is not null)),
    check ((name = '') = (erased_at is not null)),
    check ((email = '') = (erased_at is not null)),
    check (certificate_requested_at is null or state = 'attended')
);

-- One registration of a run for each address, as long as it counts for something.
create unique index course_registration_once on course_registration (course_run_id, lower(email))
where state in ('requested', 'registered', 'waitlisted', 'offered');

create index course_registration_by_run on course_registration (course_run_id, state);
create index course_registration_waiting
on course_registration (course_run_id, waits_since, course_registration_id)
where state = 'waitlisted';
create index course_registration_offered on course_registration (offered_until)
where state = 'offered';
create index course_registration_requested on course_registration (requested_at)
where state = 'requested';
create index course_registration_substitutes on course_registration (substitutes_id)
where substitutes_id is not null;

-- A bearer's right to one registration; only the SHA-256 of its secret is kept.
create table course_link (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    course_registration_id uuid not null references course_registration on delete cascade,
    made_at timestamptz not null default now()
);

create index course_link_by_registration on course_link (course_registration_id);

-- migrate:down
