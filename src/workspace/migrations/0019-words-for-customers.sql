-- What customers read of a closing: why it was declined, or what was done. The closing note stays with the team.
ALTER TABLE cases ADD COLUMN explanation TEXT;
ALTER TABLE cases ADD COLUMN what_changed TEXT;
UPDATE cases SET explanation = closing_note WHERE closing_reason IN ('declined', 'not-planned');
UPDATE cases SET what_changed = (SELECT s.what_changed FROM strategic_cases s WHERE s.case_id = cases.id) WHERE kind = 'strategic';
ALTER TABLE strategic_cases DROP COLUMN what_changed;

-- Whom a mail went to is asked by address and time, and how many are asked in a period by time alone.
DROP INDEX mails_address;
CREATE INDEX mails_address ON mails (address, at);
CREATE INDEX follow_ups_sent ON follow_ups (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX follow_ups_due ON follow_ups (due_at) WHERE state = 'due';
