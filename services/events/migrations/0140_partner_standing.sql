-- migrate:up
-- Whether a partner is shut out for now, for those who look at its page.

set lock_timeout = '5s';

alter table partner add column suspended_at timestamptz;

-- migrate:down
