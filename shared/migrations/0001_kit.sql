-- migrate:up
-- What every service's schema holds for talking to the others. Applied to each schema first.

set lock_timeout = '5s';

create table outbox (
    position bigint generated always as identity primary key,
    fact_id uuid not null unique,
    subject text not null,
    aggregate_id uuid not null,
    aggregate_version integer not null check (aggregate_version > 0),
    traceparent text not null,
    body bytea not null,
    recorded_at timestamptz not null default now(),
    published_at timestamptz
);

create index outbox_unpublished on outbox (position) where published_at is null;

create index outbox_published on outbox (published_at) where published_at is not null;

create function announce_outbox() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox_' || tg_table_schema, '');
    return null;
end
$$;

create trigger outbox_announced after insert on outbox
for each statement execute function announce_outbox();

create table inbox (
    consumer text not null,
    fact_id uuid not null,
    received_at timestamptz not null default now(),
    primary key (consumer, fact_id)
);

create index inbox_received on inbox (received_at);

create table dead_letter (
    dead_letter_id uuid primary key default uuidv7(),
    consumer text not null,
    fact_id uuid,
    subject text not null,
    headers jsonb not null,
    body bytea not null,
    reason text not null,
    deliveries integer not null,
    buried_at timestamptz not null default now(),
    replayed_at timestamptz
);

create unique index dead_letter_once on dead_letter (consumer, fact_id)
where replayed_at is null;

create table audit_entry (
    position bigint generated always as identity primary key,
    happened_at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    concerns text not null,
    details jsonb not null default '{}',
    previous_hash bytea not null,
    hash bytea not null
);

-- migrate:down
