ALTER TABLE cases ADD COLUMN closing_note TEXT;
ALTER TABLE cases ADD COLUMN closing TEXT;
ALTER TABLE cases ADD COLUMN closing_flag TEXT;
ALTER TABLE cases ADD COLUMN root_cause TEXT;
ALTER TABLE cases ADD COLUMN duplicate_of TEXT;
ALTER TABLE cases ADD COLUMN guard TEXT;
ALTER TABLE cases ADD COLUMN issue_seen TEXT;
ALTER TABLE cases ADD COLUMN issue_comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN issue_trouble TEXT;
ALTER TABLE cases ADD COLUMN issue_written TEXT;
ALTER TABLE cases ADD COLUMN issue_lost TEXT;

CREATE INDEX cases_duplicate_of ON cases (duplicate_of) WHERE duplicate_of IS NOT NULL;
