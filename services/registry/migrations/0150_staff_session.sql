-- migrate:up
-- Staff sign in at an OpenID provider. Of every secret that a browser holds only a hash is kept.

set lock_timeout = '5s';

create table sign_in_attempt (
    state_hash bytea primary key check (length(state_hash) = 32),
    browser_hash bytea not null check (length(browser_hash) = 32),
    nonce text not null,
    verifier text not null,
    return_path text not null check (return_path like '/%'),
    expires_at timestamptz not null
);

create index sign_in_attempt_expired on sign_in_attempt (expires_at);

create table staff_session (
    session_id uuid primary key default uuidv7(),
    version integer not null default 1 check (version > 0),
    -- Half of the hash of the secret in the browser's cookie: who names it was shown the cookie.
    session_key uuid not null unique,
    subject text not null check (subject <> ''),
    name text not null,
    roles text [] not null check (cardinality(roles) > 0),
    browser text not null,
    started_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    ended_at timestamptz check (ended_at >= started_at)
);

create index staff_session_of_subject on staff_session (subject) where ended_at is null;

create index staff_session_started on staff_session (started_at);

-- migrate:down
