-- migrate:up
-- What the operator's figures are read from, so that a process that is dead cannot hide what waits
-- for it. A figure is a name, a label and a value; deploy/watch/figures.py explains each.

set lock_timeout = '5s';

create table timer_run (
    timer text primary key,
    interval_seconds double precision not null check (interval_seconds > 0),
    known_since timestamptz not null default now(),
    -- When it last came to its end without a fault; null if it never did.
    done_at timestamptz
);

create view kit_figure as
select
    'outbox_unpublished' as name,
    '' as label,
    count(*)::double precision as value
from outbox where published_at is null
union all
select
    'outbox_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(recorded_at)), 0)
from outbox where published_at is null
union all
select
    'inbox_age_seconds',
    '',
    extract(epoch from now() - max(received_at))
from (select received_at from inbox order by received_at desc limit 1) as newest
having count(*) > 0
union all
select
    'dead_letters_open',
    '',
    count(*)
from dead_letter where replayed_at is null and dismissed_at is null
union all
select
    'dead_letters_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(buried_at)), 0)
from dead_letter where replayed_at is null and dismissed_at is null
union all
select
    'dead_letters_dismissed',
    '',
    count(*)
from dead_letter where dismissed_at is not null
union all
select
    'timer_age_seconds',
    timer,
    extract(epoch from now() - coalesce(done_at, known_since))
from timer_run
union all
select
    'timer_interval_seconds',
    timer,
    interval_seconds
from timer_run
union all
-- A day more than shared/outbox.py and shared/inbox.py keep them.
select
    'overdue_rows',
    'outbox',
    count(*)
from outbox where published_at < now() - interval '31 days'
union all
select
    'overdue_rows',
    'inbox',
    count(*)
from inbox where received_at < now() - interval '36 days';

-- migrate:down
