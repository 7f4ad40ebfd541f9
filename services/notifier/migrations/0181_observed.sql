-- migrate:up
-- What waits in notifier; shared/migrations/0180_observed.sql says what a figure is. A message also
-- remembers the trace of the click that it follows from.
-- Nothing that a version before this one writes is a possible duplicate without being old news.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '5s';

alter table message add column traceparent text not null default '';

create index message_possible_duplicate on message (first_tried_at) where possible_duplicate;

create view own_figure as
select
    'mails_open' as name,
    state as label,
    count(*)::double precision as value
from message
where channel = 'mail' and state in ('queued', 'claimed', 'data_started', 'retry', 'failed')
group by state
union all
-- How long a mail has been due: personal answers go first, waves at the rate that is set.
select
    'mail_oldest_seconds',
    case when is_bulk then 'bulk' else 'personal' end,
    extract(epoch from now() - min(next_try_at))
from message
where state in ('queued', 'retry') and next_try_at < now() and channel is distinct from 'letter'
group by is_bulk
union all
select
    'mail_possible_duplicates',
    '',
    count(*)
from message where possible_duplicate and first_tried_at > now() - interval '1 day'
union all
select
    'mail_trouble_seconds',
    '',
    coalesce(extract(epoch from now() - trouble_since), 0)
from sending_control
union all
select
    'mail_paused_seconds',
    '',
    coalesce(extract(epoch from now() - paused_at), 0)
from sending_control
union all
select
    'letters_waiting',
    '',
    count(*)
from message where state = 'in_batch'
union all
select
    'letters_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(opened_at)), 0)
from letter_batch where posted_at is null
union all
select
    'prints_waiting',
    '',
    count(*)
from letter_print where state in ('queued', 'running')
union all
select
    'prints_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(requested_at)), 0)
from letter_print where state in ('queued', 'running');

-- migrate:down
