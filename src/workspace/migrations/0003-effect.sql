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

ALTER TABLE cases ADD COLUMN facts INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER cases_facts_insert AFTER INSERT ON cases BEGIN UPDATE cases SET facts = (first_contact_at IS NOT NULL) + 2 * (resolved_at IS NOT NULL OR generation > 1) + 4 * COALESCE(loop <> 'working' AND resolved_at <= due_at, 0) + 8 * COALESCE((loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1), 0) + 16 * (loop IN ('confirmed', 'unseen-recovery')) + 32 * (disputes > 0) + 64 * (generation > 1) WHERE number = NEW.number; END;
CREATE TRIGGER cases_facts_update AFTER UPDATE OF first_contact_at, resolved_at, generation, loop, due_at, overdue, disputes ON cases WHEN OLD.facts <> (NEW.first_contact_at IS NOT NULL) + 2 * (NEW.resolved_at IS NOT NULL OR NEW.generation > 1) + 4 * COALESCE(NEW.loop <> 'working' AND NEW.resolved_at <= NEW.due_at, 0) + 8 * COALESCE((NEW.loop <> 'working' AND NEW.resolved_at > NEW.due_at) OR (NEW.loop = 'working' AND NEW.overdue = 1), 0) + 16 * (NEW.loop IN ('confirmed', 'unseen-recovery')) + 32 * (NEW.disputes > 0) + 64 * (NEW.generation > 1) BEGIN UPDATE cases SET facts = (first_contact_at IS NOT NULL) + 2 * (resolved_at IS NOT NULL OR generation > 1) + 4 * COALESCE(loop <> 'working' AND resolved_at <= due_at, 0) + 8 * COALESCE((loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1), 0) + 16 * (loop IN ('confirmed', 'unseen-recovery')) + 32 * (disputes > 0) + 64 * (generation > 1) WHERE number = NEW.number; END;
UPDATE cases SET facts = (first_contact_at IS NOT NULL) + 2 * (resolved_at IS NOT NULL OR generation > 1) + 4 * COALESCE(loop <> 'working' AND resolved_at <= due_at, 0) + 8 * COALESCE((loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1), 0) + 16 * (loop IN ('confirmed', 'unseen-recovery')) + 32 * (disputes > 0) + 64 * (generation > 1);
DROP INDEX cases_report;
CREATE INDEX cases_report ON cases (opened_at, team, category, template, source, tier, facts, contact_ms, close_ms, customer_key);

CREATE TABLE response_hours (
  -- Feedback by the hour of its submission, and what of it was acted on, kept by triggers.
  hour INTEGER NOT NULL,
  source TEXT NOT NULL,
  total INTEGER NOT NULL,
  acted_on INTEGER NOT NULL,
  PRIMARY KEY (hour, source)
) WITHOUT ROWID;
INSERT INTO response_hours (hour, source, total, acted_on) SELECT submitted_at / 3600000, source, COUNT(*), SUM(is_acted_on) FROM responses WHERE is_feedback = 1 GROUP BY 1, 2;
CREATE TRIGGER responses_counted AFTER INSERT ON responses WHEN NEW.is_feedback = 1 BEGIN INSERT INTO response_hours (hour, source, total, acted_on) VALUES (NEW.submitted_at / 3600000, NEW.source, 1, NEW.is_acted_on) ON CONFLICT (hour, source) DO UPDATE SET total = total + 1, acted_on = acted_on + excluded.acted_on; END;
CREATE TRIGGER responses_recounted AFTER UPDATE OF submitted_at, is_feedback, is_acted_on ON responses WHEN OLD.submitted_at <> NEW.submitted_at OR OLD.is_feedback <> NEW.is_feedback OR OLD.is_acted_on <> NEW.is_acted_on BEGIN UPDATE response_hours SET total = total - 1, acted_on = acted_on - OLD.is_acted_on WHERE OLD.is_feedback = 1 AND hour = OLD.submitted_at / 3600000 AND source = OLD.source; INSERT INTO response_hours (hour, source, total, acted_on) SELECT NEW.submitted_at / 3600000, NEW.source, 1, NEW.is_acted_on WHERE NEW.is_feedback = 1 ON CONFLICT (hour, source) DO UPDATE SET total = total + 1, acted_on = acted_on + excluded.acted_on; END;
