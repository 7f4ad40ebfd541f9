-- migrate:up
-- Calendars that we fetch from partners who cannot publish, and messages to be read once more.

set lock_timeout = '5s';

create table partner_pull (
    partner_id uuid primary key references partner on delete cascade,
    url text not null check (url ~ '^(https?)://' and length(url) <= 2000),
    every_minutes integer not null check (every_minutes between 15 and 1440),
    -- What the server said last time, for asking only for what is new.
    etag text not null default '',
    last_modified text not null default '',
    -- SHA-256 of the last document that was taken, for servers that say nothing of the kind.
    digest bytea not null default '',
    next_at timestamptz not null default now(),
    pulled_at timestamptz,
    -- 'changed', 'unchanged', or why it failed.
    outcome text not null default '',
    failures integer not null default 0 check (failures >= 0)
);

create index partner_pull_due on partner_pull (next_at);

alter table partner add column replay_asked_at timestamptz;

-- migrate:down
