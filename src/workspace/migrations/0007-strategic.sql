CREATE TABLE strategic_cases (
  case_id TEXT PRIMARY KEY,
  theme TEXT,
  decision TEXT,
  decision_owner TEXT,
  measure TEXT,
  what_changed TEXT,
  digested_at INTEGER NOT NULL
);
INSERT INTO strategic_cases (case_id, digested_at) SELECT id, opened_at FROM cases WHERE kind = 'strategic';

CREATE TABLE case_links (
  case_id TEXT NOT NULL,
  linked_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('elevated', 'sister')),
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, linked_id)
);
CREATE INDEX case_links_linked ON case_links (linked_id);
