-- Releases and milestones that are out: told twice they count once, and a closing that waits for one may come after it.
CREATE TABLE shipped (
  kind TEXT NOT NULL CHECK (kind IN ('release', 'milestone')),
  name TEXT NOT NULL COLLATE NOCASE,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;
