-- migrate:up

-- The table is small, and the migration runs while nobody works.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion

set lock_timeout = '5s';

-- The console's list is read in its very order, page by page, of all events or of those in a state.
create index calendar_event_listing on calendar_event (changed_at desc, calendar_event_id);
create index calendar_event_state on calendar_event (state, changed_at desc, calendar_event_id);

-- The first of the two serves what it was for.
drop index calendar_event_changed;

-- migrate:down
