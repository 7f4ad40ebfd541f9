-- migrate:up
-- Associations submit events through a link; what they wrote is theirs until it is public.
-- squawk-ignore-file adding-foreign-key-constraint
-- squawk-ignore-file constraint-missing-not-valid

set lock_timeout = '5s';

-- Where an association is told what became of its events; it never leaves this schema in a fact.
alter table organiser
add column contact_email text not null default ''
check (length(contact_email) <= 254);

create table organiser_link (
    organiser_link_id uuid primary key default uuidv7(),
    organiser_id uuid not null references organiser on delete cascade,
    -- Of the secret only this is kept.
    token_hash bytea not null unique check (length(token_hash) = 32),
    made_by text not null,
    made_at timestamptz not null default now(),
    revoked_at timestamptz
);

-- An association has one link at a time; a new one takes the place of the old one.
create unique index organiser_link_held on organiser_link (organiser_id) where revoked_at is null;

create table submission (
    calendar_event_id uuid primary key references calendar_event on delete cascade,
    organiser_id uuid not null references organiser,
    -- Why the association wants its published event called off; empty as long as it does not.
    cancellation_reason text not null default '' check (length(cancellation_reason) <= 2000),
    cancellation_asked_at timestamptz,
    check ((cancellation_asked_at is null) = (cancellation_reason = ''))
);

create index submission_organiser on submission (organiser_id);
create index submission_cancellation on submission (cancellation_asked_at)
where cancellation_asked_at is not null;

-- migrate:down
