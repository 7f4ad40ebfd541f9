-- migrate:up
-- That an association was asked to propose guests: by mail or letter, once for each event, with
-- the instant at which it is reminded should it propose nobody.

set lock_timeout = '5s';

create table nomination_request (
    nomination_request_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    honouring_event_id uuid not null,
    organisation_id uuid not null,
    channel text not null check (channel in ('mail', 'letter')),
    asked_at timestamptz not null default now(),
    remind_at timestamptz,
    reminded_at timestamptz,
    opened_at timestamptz,
    withdrawn_at timestamptz,
    unique (honouring_event_id, organisation_id),
    foreign key (honouring_event_id, organisation_id) references organisation_quota,
    check (withdrawn_at is null or remind_at is null)
);

create index nomination_request_remind on nomination_request (remind_at)
where remind_at is not null;

-- Whether registry knows where a letter would go. True until its next word about the association:
-- the notifier looks again before it writes.
alter table known_organisation add column has_address boolean not null default true;

-- migrate:down
