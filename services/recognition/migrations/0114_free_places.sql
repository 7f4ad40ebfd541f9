-- migrate:up
-- What is left of each kind of place.

set lock_timeout = '5s';

create view free_place as
select
    honouring_event_id,
    volunteer_capacity - volunteer_taken as volunteer,
    protocol_capacity - protocol_taken as protocol,
    standard_capacity - standard_taken as standard,
    wheelchair_capacity - wheelchair_taken as wheelchair,
    companion_capacity - companion_taken as companion
from place_balance;

-- migrate:down
