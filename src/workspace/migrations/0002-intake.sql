CREATE TABLE deliveries_next (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  via TEXT NOT NULL DEFAULT 'push' CHECK (via IN ('push', 'back-fill')),
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'fetching', 'stored', 'duplicate', 'set-aside', 'test')),
  tries INTEGER NOT NULL DEFAULT 0,
  replays INTEGER NOT NULL DEFAULT 0,
  response_id TEXT,
  fetched TEXT,
  error TEXT
);
INSERT INTO deliveries_next (seq, id, source, received_at, headers, body, outcome, tries, response_id, error)
  SELECT seq, id, source, received_at, headers, body, outcome, tries, response_id, error FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_next RENAME TO deliveries;
CREATE INDEX deliveries_waiting ON deliveries (seq) WHERE outcome = 'waiting';
CREATE INDEX deliveries_source ON deliveries (source, received_at);
CREATE INDEX deliveries_response ON deliveries (response_id) WHERE response_id IS NOT NULL;
CREATE INDEX deliveries_set_aside ON deliveries (seq) WHERE outcome = 'set-aside';

ALTER TABLE responses ADD COLUMN incoming TEXT;
ALTER TABLE responses ADD COLUMN delivery_id TEXT;
ALTER TABLE responses ADD COLUMN judged_revision INTEGER;
UPDATE responses SET judged_revision = revision;
CREATE INDEX responses_form ON responses (source, form, seq);

ALTER TABLE customers ADD COLUMN renewal TEXT;
ALTER TABLE customers ADD COLUMN listed TEXT;
ALTER TABLE customers ADD COLUMN told TEXT NOT NULL DEFAULT '{}';
UPDATE customers SET told = (SELECT json_group_object(name, json_object('value', value, 'at', 0)) FROM (
  SELECT 'email' AS name, email AS value UNION ALL SELECT 'name', customers.name UNION ALL SELECT 'tier', tier
  UNION ALL SELECT 'revenue', revenue UNION ALL SELECT 'language', language
) WHERE value IS NOT NULL);
CREATE INDEX customers_email ON customers (email);

CREATE TABLE sources (
  name TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  inactive_since INTEGER,
  heard_at INTEGER,
  told_silent_at INTEGER,
  reread_before INTEGER
);

CREATE TABLE forms (
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT,
  described_at INTEGER,
  watermark INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (source, form)
);

CREATE TABLE walks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  since INTEGER NOT NULL,
  cursor TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  pages INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  found INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  error TEXT
);
CREATE INDEX walks_form ON walks (source, form, seq);

CREATE TABLE questions (
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  id TEXT NOT NULL,
  names TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  choices TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  gone_since INTEGER,
  PRIMARY KEY (source, form, id)
);

CREATE TABLE question_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  question TEXT NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('wording', 'choice', 'gone', 'back')),
  was TEXT NOT NULL,
  now TEXT NOT NULL
);
CREATE INDEX question_changes_form ON question_changes (source, form, seq);

CREATE INDEX outbox_lane_started ON outbox (lane, started_at);
CREATE INDEX case_responses_response ON case_responses (response_id);
