-- migrate:up
-- What waits in registry; shared/migrations/0180_observed.sql says what a figure is.

set lock_timeout = '5s';

create view own_figure as
select
    'imports_waiting' as name,
    '' as label,
    count(*)::double precision as value
from import_job where state in ('waiting', 'checking', 'confirmed', 'importing')
union all
select
    'imports_oldest_seconds',
    '',
    coalesce(extract(epoch from now() - min(created_at)), 0)
from import_job where state in ('waiting', 'checking', 'confirmed', 'importing')
union all
select
    'people',
    '',
    count(*)
from person;

-- migrate:down
