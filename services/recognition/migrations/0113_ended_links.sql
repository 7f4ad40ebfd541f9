-- migrate:up
-- Finds the links of guests that have ended, to be forgotten.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

create index capability_link_ended on capability_link (expires_at) where invitation_id is not null;

-- migrate:down
