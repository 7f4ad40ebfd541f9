-- migrate:up
-- Checks the rows that stood there before, without keeping others from writing.

set lock_timeout = '5s';

alter table partner validate constraint partner_trust_check;
alter table partner_item validate constraint partner_item_status_check;
alter table partner_item validate constraint partner_item_held_check;

-- migrate:down
