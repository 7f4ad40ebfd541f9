-- migrate:up
-- A dead letter that cannot or need not be replayed is dismissed by a person, who says why.

set lock_timeout = '5s';

alter table dead_letter
add column dismissed_at timestamptz,
add column dismissed_by text,
add column dismissed_because text;

alter table dead_letter add constraint dead_letter_ends_once check (
    num_nonnulls(dismissed_at, dismissed_by, dismissed_because) in (0, 3)
    and (dismissed_at is null or replayed_at is null)
) not valid;

-- migrate:down
