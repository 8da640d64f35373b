ALTER TABLE cases ADD COLUMN action TEXT NOT NULL DEFAULT 'case' CHECK (action IN ('task', 'case'));

ALTER TABLE cases ADD COLUMN first_contact_due_at INTEGER;

ALTER TABLE cases ADD COLUMN clock TEXT;
