CREATE TABLE reported_surveys (
  -- Surveys that other tools have sent or are to send, as they reported them; an erased customer stays under a pseudonym.
  customer_key TEXT NOT NULL,
  survey TEXT NOT NULL,
  form TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  address TEXT,
  PRIMARY KEY (customer_key, survey, form, at)
) WITHOUT ROWID;
CREATE INDEX reported_surveys_address ON reported_surveys (address, at) WHERE address IS NOT NULL;

CREATE TABLE reported_counts (
  -- Finished responses of a day that a survey tool counts, as somebody reported.
  source TEXT NOT NULL,
  day TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (source, day)
) WITHOUT ROWID;

CREATE TABLE outcomes (
  -- Whether a customer stayed, renewed, grew or left on a day, and how the customer's cases stood by then.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_key TEXT NOT NULL,
  day TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('stayed', 'renewed', 'grew', 'left')),
  value REAL,
  verdict TEXT,
  handling TEXT NOT NULL CHECK (handling IN ('handled', 'not handled', 'no complaint')),
  UNIQUE (customer_key, day)
);
CREATE INDEX outcomes_report ON outcomes (day, seq, verdict, handling, outcome, value);

CREATE TABLE case_scores (
  -- The customer's last score before a case opened, and the first one to the same question after it closed.
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('nps', 'csat', 'ces')),
  before REAL NOT NULL,
  after REAL,
  after_at INTEGER,
  PRIMARY KEY (case_id, kind)
) WITHOUT ROWID;
CREATE INDEX case_scores_report ON case_scores (kind, after_at, before, after) WHERE after IS NOT NULL;
CREATE TRIGGER case_scores_reopened AFTER UPDATE OF loop ON cases WHEN NEW.loop = 'working' AND OLD.loop <> 'working' BEGIN UPDATE case_scores SET after = NULL, after_at = NULL WHERE case_id = NEW.id; END;

CREATE TABLE customer_risks (
  -- Why a customer is at risk, and when people were last notified.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_key TEXT NOT NULL UNIQUE,
  reasons TEXT NOT NULL,
  since INTEGER,
  noticed_at INTEGER
);
CREATE INDEX customer_risks_since ON customer_risks (since, seq) WHERE since IS NOT NULL;

CREATE TABLE measure_values (
  -- What a strategic case measures, day by day.
  case_id TEXT NOT NULL,
  day TEXT NOT NULL,
  value REAL NOT NULL,
  who TEXT NOT NULL,
  PRIMARY KEY (case_id, day)
) WITHOUT ROWID;

INSERT INTO schedule (kind, target, due_at) SELECT 'risks', '0', 0 WHERE EXISTS (SELECT 1 FROM settings);
