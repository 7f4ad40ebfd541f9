-- migrate:up
-- An event's moves have a version of their own: a later change of its title must not hide one.
-- A null says that no move has been announced yet; moves before this version are old news.

set lock_timeout = '5s';

alter table known_event add column moved_version integer;

-- migrate:down
