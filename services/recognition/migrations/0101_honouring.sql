-- migrate:up
-- The honouring event: from planning it to the door. A wall-clock time is a `timestamp` and has its
-- zone beside it in honouring_event.zone; every other instant is a `timestamptz`.

set lock_timeout = '5s';

create table honouring_event (
    honouring_event_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    title text not null check (title <> ''),
    programme text not null,
    venue_name text not null check (venue_name <> ''),
    venue_address text not null,
    -- squawk-ignore prefer-timestamp-tz
    starts_at timestamp not null,
    -- squawk-ignore prefer-timestamp-tz
    ends_at timestamp not null,
    -- squawk-ignore prefer-timestamp-tz
    doors_open_at timestamp not null,
    zone text not null,
    phase text not null default 'draft' check (phase in (
        'draft', 'nomination_open', 'nomination_closed', 'guests_selected', 'inviting', 'held',
        'cancelled'
    )),
    nominate_by_on date not null,
    answer_by_on date not null,
    offer_hours integer not null check (offer_hours between 1 and 336),
    most_seats smallint not null check (most_seats in (1, 2)),
    -- squawk-ignore prefer-timestamp-tz
    previous_starts_at timestamp,
    planned_at timestamptz not null default now(),
    cancelled_at timestamptz,
    check (doors_open_at <= starts_at and starts_at < ends_at),
    check ((phase = 'cancelled') = (cancelled_at is not null))
);

-- One row for each event, so that one guarded UPDATE decides on a whole party: every person takes
-- one place of the guest's category and one of a seat class. Accepted and offered places count.
create table place_balance (
    honouring_event_id uuid primary key references honouring_event,
    volunteer_capacity integer not null,
    volunteer_taken integer not null default 0
    check (volunteer_taken between 0 and volunteer_capacity),
    protocol_capacity integer not null,
    protocol_taken integer not null default 0
    check (protocol_taken between 0 and protocol_capacity),
    standard_capacity integer not null,
    standard_taken integer not null default 0
    check (standard_taken between 0 and standard_capacity),
    wheelchair_capacity integer not null,
    wheelchair_taken integer not null default 0
    check (wheelchair_taken between 0 and wheelchair_capacity),
    companion_capacity integer not null,
    companion_taken integer not null default 0
    check (companion_taken between 0 and companion_capacity)
);

-- Copies of what registry knows, with only the columns used here; `version` drops stale facts.
create table known_person (
    person_id uuid primary key,
    version integer not null,
    given_name text not null,
    family_name text not null,
    has_email boolean not null,
    search_name text not null generated always as (
        lower(given_name || ' ' || family_name)
    ) stored
);

create index known_person_by_name on known_person (family_name, given_name, person_id);

create table known_organisation (
    organisation_id uuid primary key,
    version integer not null,
    name text not null,
    district text not null,
    email text
);

create index known_organisation_by_name on known_organisation (name, organisation_id);

create table known_engagement (
    engagement_id uuid primary key,
    version integer not null,
    person_id uuid not null,
    organisation_id uuid not null,
    since_on date,
    until_on date
);

create index known_engagement_by_organisation on known_engagement (organisation_id, person_id);

create table organisation_quota (
    honouring_event_id uuid not null references honouring_event,
    organisation_id uuid not null,
    places integer not null check (places between 0 and 500),
    invited_at timestamptz,
    primary key (honouring_event_id, organisation_id)
);

create table guest_proposal (
    guest_proposal_id uuid primary key default uuidv7(),
    honouring_event_id uuid not null references honouring_event,
    organisation_id uuid,
    person_id uuid not null,
    category text not null check (category in ('volunteer', 'protocol')),
    state text not null default 'proposed' check (state in (
        'proposed', 'selected', 'carried_over', 'withdrawn', 'refused'
    )),
    proposed_by text not null,
    proposed_at timestamptz not null default now(),
    unique (honouring_event_id, person_id)
);

create index guest_proposal_by_organisation
on guest_proposal (honouring_event_id, organisation_id);

create table lottery_draw (
    lottery_draw_id uuid primary key default uuidv7(),
    honouring_event_id uuid not null references honouring_event,
    number integer not null check (number > 0),
    seed text not null,
    algorithm text not null,
    places integer not null check (places >= 0),
    selected integer not null,
    carried_over integer not null,
    minutes jsonb not null,
    drawn_by text not null,
    drawn_at timestamptz not null default now(),
    unique (honouring_event_id, number)
);

-- The right to be preferred next time (Vormerkung), used up by the draw of a later event.
create table carry_over (
    person_id uuid not null,
    honouring_event_id uuid not null references honouring_event,
    lottery_draw_id uuid not null references lottery_draw,
    used_by_event_id uuid references honouring_event,
    primary key (person_id, honouring_event_id)
);

create table invitation_wave (
    invitation_wave_id uuid primary key default uuidv7(),
    honouring_event_id uuid not null references honouring_event,
    number integer not null check (number > 0),
    answer_by timestamptz not null,
    invited integer not null,
    sent_by text not null,
    sent_at timestamptz not null default now(),
    unique (honouring_event_id, number)
);

-- `seats` counts the guest and the plus-one (0: holds and waits for nothing); an access companion
-- comes on top. `accepted` and `offered` hold their places in place_balance.
create table invitation (
    invitation_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    honouring_event_id uuid not null references honouring_event,
    invitation_wave_id uuid not null references invitation_wave,
    person_id uuid not null,
    category text not null check (category in ('volunteer', 'protocol')),
    state text not null default 'invited' check (state in (
        'invited', 'accepted', 'declined', 'waitlisted', 'offered', 'expired', 'cancelled'
    )),
    most_seats smallint not null check (most_seats in (1, 2)),
    seats smallint not null default 0 check (seats between 0 and most_seats),
    needs_wheelchair boolean not null default false,
    with_access_companion boolean not null default false,
    companion_name text not null default '',
    waits_since timestamptz,
    offered_until timestamptz,
    answered_at timestamptz,
    answered_via text check (answered_via in ('link', 'code', 'phone', 'letter')),
    unique (honouring_event_id, person_id),
    check ((state in ('accepted', 'waitlisted', 'offered')) = (seats > 0)),
    check ((state = 'offered') = (offered_until is not null)),
    check ((state in ('waitlisted', 'offered')) = (waits_since is not null))
);

create index invitation_by_state on invitation (honouring_event_id, state);
create index invitation_waiting on invitation (honouring_event_id, waits_since, invitation_id)
where state = 'waitlisted';
create index invitation_offered on invitation (offered_until) where state = 'offered';
create index invitation_by_wave on invitation (invitation_wave_id);
create index invitation_by_person on invitation (person_id);

-- Every answer as it was given, newest last; the invitation itself holds the one that counts.
create table answer_history (
    answer_history_id uuid primary key default uuidv7(),
    invitation_id uuid not null references invitation,
    version integer not null,
    state text not null,
    seats smallint not null,
    needs_wheelchair boolean not null,
    with_access_companion boolean not null,
    companion_name text not null,
    answered_via text not null check (answered_via in (
        'link', 'code', 'phone', 'letter', 'timer', 'staff'
    )),
    answered_by text not null,
    answered_at timestamptz not null default now(),
    unique (invitation_id, version)
);

-- A bearer's right to one page; only the SHA-256 of its secret is kept.
create table capability_link (
    capability_link_id uuid primary key default uuidv7(),
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    kind text not null check (kind in ('invitation', 'letter_code', 'organisation')),
    invitation_id uuid references invitation,
    honouring_event_id uuid,
    organisation_id uuid,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    foreign key (honouring_event_id, organisation_id) references organisation_quota,
    check ((kind = 'organisation') = (invitation_id is null)),
    check ((kind = 'organisation') = (organisation_id is not null)),
    check ((honouring_event_id is null) = (organisation_id is null))
);

create index capability_link_by_invitation on capability_link (invitation_id);
create index capability_link_by_organisation
on capability_link (honouring_event_id, organisation_id);

create table ticket (
    ticket_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    invitation_id uuid not null references invitation,
    honouring_event_id uuid not null references honouring_event,
    holder_name text not null,
    admission text not null check (admission in ('standard', 'wheelchair', 'companion')),
    short_code text not null,
    issued_at timestamptz not null default now(),
    cancelled_at timestamptz,
    unique (honouring_event_id, short_code)
);

create index ticket_by_invitation on ticket (invitation_id);

-- Every scan as it happened, sent again or not; a ticket is admitted at most once.
create table check_in (
    scan_id uuid primary key,
    ticket_id uuid not null references ticket,
    honouring_event_id uuid not null references honouring_event,
    door text not null,
    device text not null,
    entered_at timestamptz not null,
    result text not null check (result in (
        'admitted', 'already_in', 'ticket_cancelled', 'conflict'
    )),
    recorded_at timestamptz not null default now()
);

create unique index check_in_admits_once on check_in (ticket_id) where result = 'admitted';
create index check_in_by_event on check_in (honouring_event_id, entered_at);

-- What lets a device at one door work for one event, without a staff account.
create table door_pass (
    door_pass_id uuid primary key default uuidv7(),
    honouring_event_id uuid not null references honouring_event,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    door text not null,
    device text not null,
    issued_by text not null,
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);

create index door_pass_by_event on door_pass (honouring_event_id);

-- migrate:down
