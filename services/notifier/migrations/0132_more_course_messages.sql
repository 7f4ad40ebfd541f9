-- migrate:up
-- Participants hear that a course is held for certain, and what is asked of a proof of engagement.

set lock_timeout = '5s';

-- The new checks allow all that the old ones did.
-- squawk-ignore ban-drop-constraint
alter table message drop constraint message_purpose_check;

alter table message add constraint message_purpose_check check (purpose in (
    'invitation', 'reminder', 'acceptance', 'changed_acceptance', 'decline', 'waiting_list',
    'offer', 'lapsed_offer', 'rescheduled', 'new_venue', 'cancelled',
    'nomination_request', 'nomination_reminder', 'nomination_change', 'nomination_withdrawal',
    'course_link', 'course_place', 'course_waiting_list', 'course_offer', 'course_lapsed_offer',
    'course_withdrawal', 'course_moved', 'course_cancelled', 'course_confirmed', 'course_proof',
    'course_refused',
    'submission_receipt', 'submission_returned', 'submission_refused', 'submission_published'
)) not valid;

-- squawk-ignore ban-drop-constraint
alter table known_registration drop constraint known_registration_state_check;

alter table known_registration add constraint known_registration_state_check check (state in (
    'requested', 'proof_pending', 'registered', 'waitlisted', 'offered', 'ended'
)) not valid;

-- migrate:down
