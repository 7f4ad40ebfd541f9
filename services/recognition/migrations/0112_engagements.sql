-- migrate:up
-- Finds the associations of a person, for telling people of one name apart. A small copy.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

create index known_engagement_by_person on known_engagement (person_id, organisation_id);

-- migrate:down
