-- migrate:up
-- Events of the same days are found while an editor types; links to other people's offers are looked at.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

create index calendar_event_starts on calendar_event (starts);
create index calendar_event_offer on calendar_event (calendar_event_id) where provider <> '';

create table offer_link (
    calendar_event_id uuid primary key references calendar_event on delete cascade,
    url text not null,
    failures integer not null default 0 check (failures >= 0),
    -- What was wrong with it the last time, as a code; empty if nothing was.
    reason text not null default '',
    is_dead boolean not null default false,
    looked_at timestamptz not null,
    due_at timestamptz not null
);

create index offer_link_due on offer_link (due_at);

-- migrate:down
