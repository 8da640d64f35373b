-- Time of the last change of a step of a plan, by which an older edit of its issue is known.
ALTER TABLE plan_steps ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
-- Reason of a settings version, as its author gave it.
ALTER TABLE settings ADD COLUMN why TEXT NOT NULL DEFAULT '';
