-- When the tracker is next asked for twins of the case's issue; null while there is nothing to ask.
ALTER TABLE cases ADD COLUMN twins_due_at INTEGER;
CREATE INDEX cases_twins_due ON cases (tracker, twins_due_at) WHERE twins_due_at IS NOT NULL;
