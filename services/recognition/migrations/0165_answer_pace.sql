-- migrate:up
-- When an invitation was answered lately, at most ten times: so that no link answers more often than
-- that in a minute, whichever process is asked. Not logged: it costs no flush to disk, and nothing
-- is lost when the database forgets it in a crash.

set lock_timeout = '5s';

create unlogged table answer_pace (
    invitation_id uuid primary key,
    tried_at timestamptz [] not null check (cardinality(tried_at) between 1 and 10)
);

-- migrate:down
