-- migrate:up
-- When a place or an organiser becomes another one, whoever has subscribed to it follows.

set lock_timeout = '5s';

-- The standing feed that has taken its place; that one is never itself handed over to another.
alter table feed add column follows text;

-- migrate:down
