-- migrate:up
-- What answering and the door need beyond the nouns of 0101. Nothing is invited yet where this runs
-- first, so that no index and no check has rows to go through.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- squawk-ignore-file constraint-missing-not-valid

set lock_timeout = '5s';

-- What a guest needs besides a kind of place, never why; and how often a smaller party behind this
-- one was offered places first, so that the queue can be explained.
alter table invitation
add column access_needs text [] not null default '{}' check (
    access_needs <@ array['hearing_loop', 'step_free', 'sign_language', 'assistance_dog']
),
add column passed_over integer not null default 0 check (passed_over >= 0);

-- The same request sent again (a double click, a lost answer) is recognised and changes nothing.
alter table answer_history add column request_key text check (length(request_key) between 8 and 100);

create unique index answer_history_once on answer_history (invitation_id, request_key)
where request_key is not null;

-- An undone check-in stays in the table; its ticket may be admitted again.
alter table check_in
add column checked_by text not null default '',
add column undone_at timestamptz,
add column undone_by text,
add column undone_because text,
add constraint check_in_undone_with_reason check (
    (undone_at is null) = (undone_because is null) and (undone_at is null) = (undone_by is null)
);

drop index check_in_admits_once;

create unique index check_in_admits_once on check_in (ticket_id)
where result = 'admitted' and undone_at is null;

create index check_in_by_ticket on check_in (ticket_id);

-- Scans that belong to no ticket of the event, kept without what was scanned.
create table refused_scan (
    scan_id uuid primary key,
    honouring_event_id uuid not null references honouring_event,
    door text not null,
    device text not null,
    reason text not null check (reason in ('unreadable', 'forged', 'unknown', 'other_event')),
    checked_by text not null,
    scanned_at timestamptz not null default now()
);

create index refused_scan_by_event on refused_scan (honouring_event_id, scanned_at);

-- migrate:down
