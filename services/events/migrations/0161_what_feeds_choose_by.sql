-- migrate:up

-- The tables are small, and the migration runs while nobody works.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

-- A feed of one category, place or organiser is cut from years of events.
create index event_ical_categories on event_ical using gin (categories);
create index event_ical_place on event_ical (place_id) where place_id is not null;
create index event_ical_organiser on event_ical (organiser_id) where organiser_id is not null;

-- migrate:down
