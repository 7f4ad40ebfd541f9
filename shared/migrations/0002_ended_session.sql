-- migrate:up
-- Staff sessions that ended before their last signed token has run out by itself.

set lock_timeout = '5s';

create table ended_session (
    session_id uuid primary key,
    forget_after timestamptz not null
);

-- migrate:down
