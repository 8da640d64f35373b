-- Time of the last change of a step of a plan, by which an older edit of its issue is known.
ALTER TABLE plan_steps ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
