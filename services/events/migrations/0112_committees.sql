-- migrate:up
-- Committees, their members, and which events are theirs alone.

set lock_timeout = '5s';

create table committee (
    committee_id uuid primary key default uuidv7(),
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('steering', 'coordination', 'consortium', 'other')),
    founded_at timestamptz not null default now()
);

create unique index committee_named on committee (lower(name));

-- The only place in this schema where members' names and addresses stand.
create table committee_member (
    committee_member_id uuid primary key default uuidv7(),
    committee_id uuid not null references committee on delete cascade,
    name text not null check (length(name) between 1 and 200),
    email text not null check (length(email) <= 254),
    joined_on date not null,
    left_on date,
    check (left_on >= joined_on)
);

create index committee_member_of on committee_member (committee_id);
create index committee_member_left on committee_member (left_on) where left_on is not null;

create table committee_link (
    -- Of the secret only this is kept.
    token_hash bytea primary key check (length(token_hash) = 32),
    committee_member_id uuid not null references committee_member on delete cascade,
    made_at timestamptz not null default now(),
    revoked_at timestamptz
);

-- A member has one link at a time; a new one takes the place of the old one.
create unique index committee_link_held on committee_link (committee_member_id)
where revoked_at is null;
create index committee_link_member on committee_link (committee_member_id);

create table committee_event (
    calendar_event_id uuid primary key references calendar_event on delete cascade,
    committee_id uuid not null references committee on delete cascade
);

create index committee_event_of on committee_event (committee_id);

-- migrate:down
