CREATE INDEX plan_steps_read ON plan_steps (issue_read_at) WHERE issue_id IS NOT NULL;
