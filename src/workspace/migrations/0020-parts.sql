ALTER TABLE plan_steps ADD COLUMN form TEXT NOT NULL DEFAULT 'check-box' CHECK (form IN ('check-box', 'sub-issue'));

ALTER TABLE plan_steps ADD COLUMN form_why TEXT;

ALTER TABLE plan_steps ADD COLUMN issue_id TEXT;

ALTER TABLE plan_steps ADD COLUMN issue_key TEXT;

ALTER TABLE plan_steps ADD COLUMN issue_url TEXT;

ALTER TABLE plan_steps ADD COLUMN issue_state TEXT;

ALTER TABLE plan_steps ADD COLUMN issue_updated_at INTEGER;

ALTER TABLE plan_steps ADD COLUMN issue_read_at INTEGER;

CREATE INDEX plan_steps_issue ON plan_steps (issue_id) WHERE issue_id IS NOT NULL;
