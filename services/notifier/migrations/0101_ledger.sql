-- migrate:up
-- Who is to be told what, and what became of it. No bodies and no addresses are kept: a message is
-- written anew from what registry and recognition know whenever it is sent or printed.

set lock_timeout = '5s';

create table known_event (
    honouring_event_id uuid primary key,
    version integer not null check (version > 0),
    title text not null,
    previous_starts_at timestamptz,
    is_cancelled boolean not null default false
);

create table known_invitation (
    invitation_id uuid primary key,
    version integer not null check (version > 0),
    honouring_event_id uuid not null,
    invitation_wave_id uuid,
    person_id uuid,
    state text not null check (state in (
        'invited', 'accepted', 'declined', 'waitlisted', 'offered', 'expired'
    )),
    remind_at timestamptz
);

create index known_invitation_event on known_invitation (honouring_event_id, state);

create index known_invitation_remind on known_invitation (remind_at)
where remind_at is not null and state = 'invited';

-- The delivery ledger: one row for each purpose and recipient.
create table message (
    message_id uuid primary key default uuidv7(),
    dedupe_key text not null unique,
    purpose text not null check (purpose in (
        'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
        'offer', 'lapsed_offer', 'rescheduled', 'cancelled'
    )),
    invitation_id uuid not null,
    invitation_version integer not null check (invitation_version > 0),
    honouring_event_id uuid not null,
    person_id uuid,
    queued_at timestamptz not null default now(),
    channel text check (channel in ('mail', 'letter')),
    is_bulk boolean not null,
    state text not null default 'queued' check (state in (
        'queued', 'claimed', 'data_started', 'accepted', 'retry', 'failed', 'withheld',
        'cancelled', 'in_batch', 'posted'
    )),
    attempts integer not null default 0 check (attempts >= 0),
    claim_epoch integer not null default 0,
    claimed_by text,
    lease_until timestamptz,
    next_try_at timestamptz not null default now(),
    first_tried_at timestamptz,
    accepted_at timestamptz,
    smtp_code integer,
    reason text not null default '',
    possible_duplicate boolean not null default false,
    check ((state in ('claimed', 'data_started')) = (lease_until is not null)),
    check (state <> 'accepted' or accepted_at is not null),
    check (channel = 'letter' or state not in ('in_batch', 'posted'))
);

create index message_unsorted on message (queued_at)
where channel is null and state = 'queued';

create index message_due on message (is_bulk, next_try_at)
where channel = 'mail' and state in ('queued', 'retry');

create index message_leased on message (lease_until) where lease_until is not null;

create index message_state on message (state, purpose);

create index message_invitation on message (invitation_id);

-- One row: whether mails go out, and how fast.
create table sending_control (
    only_row boolean primary key default true check (only_row),
    paused_at timestamptz,
    paused_by text not null default '',
    mails_per_second double precision not null default 20 check (mails_per_second >= 0),
    next_slot_at timestamptz not null default now(),
    trouble text not null default '',
    trouble_since timestamptz
);

insert into sending_control default values;

-- People who want invitations and reminders as letters.
create table mail_opt_out (
    person_id uuid primary key,
    opted_out_at timestamptz not null default now()
);

-- migrate:down
