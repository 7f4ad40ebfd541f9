-- migrate:up
-- Partner systems and what they publish.

set lock_timeout = '5s';

create table partner (
    partner_id uuid primary key default uuidv7(),
    name text not null unique check (name ~ '^[a-z][a-z0-9-]*$' and length(name) <= 32),
    title text not null check (length(title) between 1 and 200),
    -- Public key of its NATS account: part of the subjects of its items and receipts.
    account_key text not null unique,
    -- 'publish': what comes in stands in the calendar at once; 'review': an editor looks first.
    trust text not null default 'publish' check (trust in ('publish', 'review')),
    registered_at timestamptz not null default now()
);

create function announce_partner() returns trigger language plpgsql as $$
begin
    perform pg_notify('events_partner', '');
    return null;
end
$$;

create trigger partner_announced after insert or update or delete on partner
for each statement execute function announce_partner();

create table partner_message (
    partner_message_id uuid primary key default uuidv7(),
    partner_id uuid not null references partner on delete cascade,
    stream_sequence bigint not null,
    message_id text not null,
    content_type text not null,
    body bytea not null,
    received_at timestamptz not null default now()
);

create index partner_message_received on partner_message (received_at);
create index partner_message_partner on partner_message (partner_id, received_at);

-- What a partner says about one event, kept apart from what editors have changed about it.
create table partner_item (
    partner_item_id uuid primary key default uuidv7(),
    partner_id uuid not null references partner on delete cascade,
    partner_key text not null check (length(partner_key) between 1 and 300),
    version integer not null check (version > 0),
    state text not null check (state in ('accepted', 'quarantined')),
    -- The last source that was taken; null as long as none was.
    source jsonb,
    status text not null default 'published'
    check (status in ('published', 'cancelled', 'postponed')),
    revision integer check (revision >= 0),
    modified_at timestamptz,
    override jsonb not null default '{}',
    calendar_event_id uuid references calendar_event on delete set null,
    reason text not null default '',
    field text not null default '',
    partner_message_id uuid references partner_message on delete set null,
    received_at timestamptz not null default now(),
    unique (partner_id, partner_key),
    check ((state = 'quarantined') = (reason <> '')),
    check (state = 'quarantined' or source is not null)
);

create index partner_item_state on partner_item (partner_id, state, received_at);
create index partner_item_message on partner_item (partner_message_id);
create index partner_item_event on partner_item (calendar_event_id);

create table receipt (
    receipt_id uuid primary key default uuidv7(),
    partner_id uuid not null references partner on delete cascade,
    partner_item_id uuid not null references partner_item on delete cascade,
    message_id text not null,
    outcome text not null check (outcome in ('accepted', 'unchanged', 'held', 'quarantined')),
    reason text not null default '',
    field text not null default '',
    calendar_event_id uuid,
    recorded_at timestamptz not null default now(),
    sent_at timestamptz
);

create index receipt_unsent on receipt (recorded_at) where sent_at is null;
create index receipt_recorded on receipt (recorded_at);
create index receipt_partner on receipt (partner_id, recorded_at);
create index receipt_item on receipt (partner_item_id);

-- migrate:down
