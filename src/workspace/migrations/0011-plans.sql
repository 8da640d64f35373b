CREATE TABLE plan_steps (
  case_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  role TEXT NOT NULL,
  task TEXT NOT NULL,
  who TEXT,
  done_at INTEGER,
  done_by TEXT,
  PRIMARY KEY (case_id, position)
);

CREATE TABLE contributors (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX contributors_case ON contributors (case_id);

CREATE TABLE contributions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  invitation_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX contributions_case ON contributions (case_id, seq);
