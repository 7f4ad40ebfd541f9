-- migrate:up
-- Letters for guests without e-mail, collected into batches that are printed as one PDF.

set lock_timeout = '5s';

create table letter_batch (
    letter_batch_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    honouring_event_id uuid not null,
    invitation_wave_id uuid,
    purpose text not null,
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    posted_at timestamptz,
    posted_by text not null default '',
    check (posted_at is null or closed_at is not null)
);

-- New letters join the one open batch of their kind.
create unique index letter_batch_open
on letter_batch (honouring_event_id, purpose, invitation_wave_id) nulls not distinct
where closed_at is null;

create table letter (
    message_id uuid primary key references message,
    letter_batch_id uuid not null references letter_batch,
    left_out text not null default ''
);

create index letter_of_batch on letter (letter_batch_id);

-- The making of one PDF, worked by the worker.
create table letter_print (
    letter_print_id uuid primary key default uuidv7(),
    letter_batch_id uuid not null references letter_batch,
    requested_at timestamptz not null default now(),
    requested_by text not null,
    state text not null default 'queued' check (state in (
        'queued', 'running', 'done', 'failed', 'cancelled'
    )),
    letters integer not null,
    drawn integer not null default 0,
    left_out integer not null default 0,
    lease_until timestamptz,
    finished_at timestamptz,
    check ((state = 'running') = (lease_until is not null))
);

create index letter_print_open on letter_print (requested_at) where state in ('queued', 'running');

create index letter_print_batch on letter_print (letter_batch_id, requested_at);

-- The finished files, for an hour at most. Not logged: they hold names and codes, and so reach
-- neither the write-ahead log nor what is restored from it.
create unlogged table letter_file (
    letter_print_id uuid primary key,
    pdf bytea not null,
    made_at timestamptz not null default now()
);

-- migrate:down
