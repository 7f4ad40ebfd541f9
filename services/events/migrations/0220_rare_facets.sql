-- migrate:up

-- The table is small, and the migration runs while nobody works.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion

set lock_timeout = '5s';

-- What is frequent is found by time, what is rare by its own index. Without one, whoever looks for the
-- few events of a district or for an audience reads all that are still to come.
create index event_ical_audiences on event_ical using gin (audiences);
create index event_ical_district on event_ical (district, last_at) where district is not null;

-- migrate:down

drop index event_ical_district;
drop index event_ical_audiences;
