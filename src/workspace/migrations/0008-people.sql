ALTER TABLE cases ADD COLUMN ladder INTEGER NOT NULL DEFAULT 1;

ALTER TABLE cases ADD COLUMN acknowledged_at INTEGER;

ALTER TABLE cases ADD COLUMN acknowledged_by TEXT;

ALTER TABLE cases ADD COLUMN snoozed_until INTEGER;

CREATE TABLE ladder_steps (
  case_id TEXT NOT NULL,
  ladder INTEGER NOT NULL,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('reminder', 'due', 'level', 'repeat', 'escalated')),
  share INTEGER,
  level INTEGER,
  at INTEGER NOT NULL,
  told TEXT NOT NULL,
  skipped TEXT,
  once TEXT,
  PRIMARY KEY (case_id, ladder, step),
  UNIQUE (case_id, once)
);

CREATE TABLE notices (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL,
  person TEXT NOT NULL,
  event TEXT NOT NULL,
  headline TEXT NOT NULL,
  because TEXT NOT NULL,
  acknowledge INTEGER NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'sent', 'dropped'))
);
CREATE INDEX notices_held ON notices (person, due_at) WHERE state = 'held';

UPDATE schedule SET key = 'ladder:' || subject, kind = 'ladder' WHERE kind = 'overdue';
