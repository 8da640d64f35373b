-- People may link any two cases, also those that are linked otherwise. SQLite cannot widen a check or a key.
CREATE TABLE case_links_wider (
  case_id TEXT NOT NULL,
  linked_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('elevated', 'sister', 'related')),
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, linked_id, kind)
);
INSERT INTO case_links_wider SELECT case_id, linked_id, kind, why, at FROM case_links;
DROP TABLE case_links;
ALTER TABLE case_links_wider RENAME TO case_links;
CREATE INDEX case_links_linked ON case_links (linked_id);
CREATE INDEX cases_issue_key ON cases (tracker, issue_key COLLATE NOCASE) WHERE issue_key IS NOT NULL;
