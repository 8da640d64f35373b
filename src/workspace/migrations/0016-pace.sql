ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 3;
UPDATE outbox SET rank = (SELECT severity_rank FROM cases WHERE 'case:' || cases.id = outbox.subject)
  WHERE state IN ('waiting', 'calling', 'unknown') AND EXISTS (SELECT 1 FROM cases WHERE 'case:' || cases.id = outbox.subject);
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (lane, rank, id) WHERE state IN ('waiting', 'calling', 'unknown');

-- held_until: nothing at all goes; paced_until: nothing new goes.
ALTER TABLE lanes ADD COLUMN paced_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN paused TEXT;
ALTER TABLE lanes ADD COLUMN paused_at INTEGER;
ALTER TABLE lanes ADD COLUMN paused_why TEXT;

CREATE TABLE spent (
  lane TEXT NOT NULL,
  bucket TEXT NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (lane, bucket, at)
) WITHOUT ROWID;

CREATE TABLE allowances (
  lane TEXT NOT NULL,
  unit TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  resets_at INTEGER NOT NULL,
  PRIMARY KEY (lane, unit)
) WITHOUT ROWID;

ALTER TABLE targets ADD COLUMN active_at INTEGER;
ALTER TABLE targets ADD COLUMN hinted_at INTEGER;

CREATE TABLE hints (
  tracker TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tracker, id)
) WITHOUT ROWID;
CREATE INDEX hints_at ON hints (at);

CREATE INDEX cases_look_again ON cases (tracker, issue_read_at) WHERE issue_id IS NOT NULL AND loop IN ('working', 'resolved', 'asked');
