-- Schema of a workspace, written by `npm run schemas`; edit src/workspace/migrations instead.

CREATE TABLE sealed_roots (
  -- Root of the workspace's keys, encrypted under the deployment's CASELITE_KEY; one row.
  sealed TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE sealed_secrets (
  -- Secrets that admins entered on a page, each for one host of a vendor.
  name TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  -- The value, encrypted under the deployment's CASELITE_KEY, the workspace, the name and the host.
  sealed TEXT NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE backup_lines (
  -- Copy of all rows for a backup under way, as lines of JSON.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  line TEXT NOT NULL
);

CREATE TABLE restores (
  -- The last restore. Until its release nothing leaves the workspace.
  backup_at INTEGER PRIMARY KEY,
  restored_at INTEGER NOT NULL,
  lists_mails INTEGER,
  released_at INTEGER,
  released_by TEXT
);

CREATE TABLE later_issues (
  -- Issues made between a backup and its restore, by their markers.
  marker TEXT PRIMARY KEY,
  tracker TEXT NOT NULL,
  issue_id TEXT NOT NULL,
  issue_key TEXT NOT NULL,
  url TEXT NOT NULL,
  number INTEGER NOT NULL,
  case_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX later_issues_case ON later_issues (case_id);

CREATE TABLE later_mails (
  -- Mails that the provider took between a backup and its restore, by a keyed mark of address and subject.
  provider TEXT PRIMARY KEY,
  mark TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX later_mails_mark ON later_mails (mark, at);

CREATE TABLE settings (
  -- Every pushed version of the workspace's files.
  version INTEGER PRIMARY KEY,
  files TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL
, why TEXT NOT NULL DEFAULT '');

CREATE TABLE counters (
  -- Values that count up, such as the turn of a round robin.
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);

CREATE TABLE sources (
  -- Survey tools of the workspace and their delivery state.
  name TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  inactive_since INTEGER,
  last_delivery_at INTEGER,
  silence_notified_at INTEGER,
  reread_below_seq INTEGER
);

CREATE TABLE forms (
  -- Forms of each source, with the watermark of their back-fill.
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT,
  described_at INTEGER,
  watermark INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (source, form)
);

CREATE TABLE questions (
  -- Questions of each form as the source last described them.
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  id TEXT NOT NULL,
  names TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  choices TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_answered_at INTEGER NOT NULL,
  highest REAL NOT NULL DEFAULT 0,
  gone_since INTEGER,
  PRIMARY KEY (source, form, id)
);

CREATE TABLE question_changes (
  -- Changes of a question between two descriptions of its form.
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

CREATE TABLE walks (
  -- Back-fill runs that page through the responses of a form.
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

CREATE TABLE deliveries (
  -- Received webhooks and back-filled responses, as raw bytes.
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
  error TEXT,
  part_of TEXT,
  line INTEGER
);
CREATE INDEX deliveries_waiting ON deliveries (seq) WHERE outcome = 'waiting';
CREATE INDEX deliveries_source ON deliveries (source, received_at);
CREATE INDEX deliveries_response ON deliveries (response_id) WHERE response_id IS NOT NULL;
CREATE INDEX deliveries_set_aside ON deliveries (seq) WHERE outcome = 'set-aside';
CREATE INDEX deliveries_fetching ON deliveries (seq) WHERE outcome = 'fetching';

CREATE TABLE responses (
  -- Survey responses, one row per response, in their newest revision.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  revision INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  customer_key TEXT NOT NULL,
  content TEXT NOT NULL,
  words TEXT NOT NULL DEFAULT '',
  decisions TEXT NOT NULL DEFAULT '[]',
  incoming TEXT,
  delivery_id TEXT,
  decided_revision INTEGER,
  erased_at INTEGER,
  is_feedback INTEGER NOT NULL DEFAULT 1,
  is_acted_on INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX responses_customer ON responses (customer_key);
CREATE INDEX responses_form ON responses (source, form, seq);
CREATE INDEX responses_report ON responses (submitted_at, source, is_acted_on, customer_key) WHERE is_feedback = 1;
CREATE TRIGGER search_responses_insert AFTER INSERT ON responses BEGIN INSERT INTO search_responses (rowid, text) VALUES (NEW.seq, NEW.words); END;
CREATE TRIGGER search_responses_update AFTER UPDATE OF words ON responses WHEN OLD.words <> NEW.words BEGIN INSERT INTO search_responses (search_responses, rowid, text) VALUES ('delete', OLD.seq, OLD.words); INSERT INTO search_responses (rowid, text) VALUES (NEW.seq, NEW.words); END;
CREATE TRIGGER responses_counted AFTER INSERT ON responses WHEN NEW.is_feedback = 1 BEGIN INSERT INTO response_hours (hour, source, total, acted_on) VALUES (NEW.submitted_at / 3600000, NEW.source, 1, NEW.is_acted_on) ON CONFLICT (hour, source) DO UPDATE SET total = total + 1, acted_on = acted_on + excluded.acted_on; END;
CREATE TRIGGER responses_recounted AFTER UPDATE OF submitted_at, is_feedback, is_acted_on ON responses WHEN OLD.submitted_at <> NEW.submitted_at OR OLD.is_feedback <> NEW.is_feedback OR OLD.is_acted_on <> NEW.is_acted_on BEGIN UPDATE response_hours SET total = total - 1, acted_on = acted_on - OLD.is_acted_on WHERE OLD.is_feedback = 1 AND hour = OLD.submitted_at / 3600000 AND source = OLD.source; INSERT INTO response_hours (hour, source, total, acted_on) SELECT NEW.submitted_at / 3600000, NEW.source, 1, NEW.is_acted_on WHERE NEW.is_feedback = 1 ON CONFLICT (hour, source) DO UPDATE SET total = total + 1, acted_on = acted_on + excluded.acted_on; END;

CREATE TABLE scores (
  -- Scores of the questions that a source names for NPS, CSAT and CES, as they were given.
  response_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('nps', 'csat', 'ces')),
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  question TEXT NOT NULL,
  score REAL NOT NULL,
  PRIMARY KEY (response_id, kind)
) WITHOUT ROWID;
CREATE INDEX scores_at ON scores (kind, at, source, form, question, score);

CREATE TABLE customers (
  -- Known customers with attributes from the customer list and from responses.
  key TEXT PRIMARY KEY,
  attributes TEXT NOT NULL,
  listed_at INTEGER,
  updated_at INTEGER NOT NULL,
  email TEXT AS (COALESCE(json_extract(attributes, '$.email.list.value'), json_extract(attributes, '$.email.response.value'))),
  name TEXT AS (COALESCE(json_extract(attributes, '$.name.list.value'), json_extract(attributes, '$.name.response.value'))),
  tier TEXT AS (COALESCE(json_extract(attributes, '$.tier.list.value'), json_extract(attributes, '$.tier.response.value'))),
  revenue REAL AS (COALESCE(json_extract(attributes, '$.revenue.list.value'), json_extract(attributes, '$.revenue.response.value')))
);
CREATE INDEX customers_email ON customers (email);
CREATE INDEX customers_tier ON customers (tier);
CREATE INDEX customers_address ON customers (lower(email));
CREATE TRIGGER attributes_insert AFTER INSERT ON customers BEGIN INSERT INTO customer_attributes (name, value, customer_key) SELECT key, lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')), NEW.key FROM json_each(NEW.attributes) WHERE lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')) IS NOT NULL; END;
CREATE TRIGGER attributes_update AFTER UPDATE OF key, attributes ON customers WHEN OLD.key <> NEW.key OR OLD.attributes <> NEW.attributes BEGIN DELETE FROM customer_attributes WHERE (name, value, customer_key) IN (SELECT key, lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')), OLD.key FROM json_each(OLD.attributes)); INSERT INTO customer_attributes (name, value, customer_key) SELECT key, lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')), NEW.key FROM json_each(NEW.attributes) WHERE lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')) IS NOT NULL; END;
CREATE TRIGGER attributes_delete AFTER DELETE ON customers BEGIN DELETE FROM customer_attributes WHERE (name, value, customer_key) IN (SELECT key, lower(COALESCE(value ->> '$.list.value', value ->> '$.response.value')), OLD.key FROM json_each(OLD.attributes)); END;
CREATE TRIGGER search_customers_insert AFTER INSERT ON customers BEGIN INSERT INTO search_customers (rowid, text) VALUES (NEW.rowid, NEW.key || ' ' || COALESCE(NEW.name, '') || ' ' || COALESCE(NEW.email, '')); END;
CREATE TRIGGER search_customers_update AFTER UPDATE OF key, attributes ON customers WHEN OLD.key || ' ' || COALESCE(OLD.name, '') || ' ' || COALESCE(OLD.email, '') <> NEW.key || ' ' || COALESCE(NEW.name, '') || ' ' || COALESCE(NEW.email, '') BEGIN INSERT INTO search_customers (search_customers, rowid, text) VALUES ('delete', OLD.rowid, OLD.key || ' ' || COALESCE(OLD.name, '') || ' ' || COALESCE(OLD.email, '')); INSERT INTO search_customers (rowid, text) VALUES (NEW.rowid, NEW.key || ' ' || COALESCE(NEW.name, '') || ' ' || COALESCE(NEW.email, '')); END;
CREATE TRIGGER search_customers_delete AFTER DELETE ON customers BEGIN INSERT INTO search_customers (search_customers, rowid, text) VALUES ('delete', OLD.rowid, OLD.key || ' ' || COALESCE(OLD.name, '') || ' ' || COALESCE(OLD.email, '')); END;

CREATE TABLE customer_attributes (
  -- Customers by the values of their attributes in lower case, kept by triggers.
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  PRIMARY KEY (name, value, customer_key)
) WITHOUT ROWID;

CREATE TABLE merged_keys (
  -- Customer keys that a case manager merged into one person; nothing else is changed by it, so that it can be undone.
  key TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX merged_keys_person ON merged_keys (person);

CREATE TABLE contacts (
  -- Mails per keyed mark of a person, for the quarantine after an erasure.
  mark TEXT NOT NULL,
  mail_id TEXT NOT NULL,
  PRIMARY KEY (mark, mail_id)
) WITHOUT ROWID;

CREATE TABLE opt_outs (
  -- People who receive no more mail.
  person TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);

CREATE TABLE cases (
  -- Cases with their times, closing, and mirrored issue.
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  case_match_key TEXT NOT NULL,
  template TEXT NOT NULL,
  settings_version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  customer_key TEXT,
  tier TEXT,
  revenue REAL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  severity_rank INTEGER NOT NULL,
  status TEXT NOT NULL,
  loop TEXT NOT NULL,
  generation INTEGER NOT NULL DEFAULT 1,
  opened_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  due_why TEXT NOT NULL,
  opened_why TEXT NOT NULL,
  first_contact_at INTEGER,
  resolved_at INTEGER,
  closing_reason TEXT,
  team TEXT NOT NULL,
  assignee TEXT,
  loop_owner TEXT,
  closer TEXT,
  overdue INTEGER NOT NULL DEFAULT 0,
  needs_person TEXT,
  needs_person_kind TEXT,
  tracker TEXT NOT NULL,
  issue_id TEXT,
  issue_key TEXT,
  issue_url TEXT,
  issue_state TEXT,
  issue_labels TEXT NOT NULL DEFAULT '[]',
  issue_updated_at INTEGER NOT NULL DEFAULT 0,
  issue_read_at INTEGER NOT NULL DEFAULT 0,
  comments_seen_until INTEGER NOT NULL DEFAULT 0,
  action TEXT NOT NULL DEFAULT 'case' CHECK (action IN ('task', 'case')),
  first_contact_due_at INTEGER,
  clock TEXT,
  ladder INTEGER NOT NULL DEFAULT 1,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  snoozed_until INTEGER,
  closing_note TEXT,
  gate TEXT,
  disputes INTEGER NOT NULL DEFAULT 0,
  closing TEXT,
  closing_flag TEXT,
  root_cause TEXT,
  edit_history TEXT,
  issue_shared_fields TEXT,
  issue_comments INTEGER NOT NULL DEFAULT 0,
  issue_trouble TEXT,
  unconfirmed_writes TEXT,
  missed_issue_reads TEXT,
  explanation TEXT,
  what_changed TEXT,
  duplicate_search_due_at INTEGER,
  former_issues TEXT NOT NULL DEFAULT '[]',
  source TEXT,
  contact_ms INTEGER,
  close_ms INTEGER,
  disputed_generation INTEGER,
  is_disputed INTEGER AS (loop = 'disputed' OR (loop = 'working' AND COALESCE(disputed_generation, 0) = generation - 1 AND generation > 1)),
  needs_decision INTEGER AS (needs_person IS NOT NULL),
  is_open INTEGER AS (loop IN ('working', 'disputed') OR needs_person IS NOT NULL),
  stage TEXT AS (CASE WHEN loop = 'unseen-recovery' THEN 'confirmed' WHEN loop NOT IN ('resolved', 'asked') THEN loop WHEN action = 'case' THEN 'asked' ELSE 'done' END),
  overdue_at INTEGER AS (CASE WHEN loop <> 'working' THEN NULL WHEN overdue THEN 0 WHEN json_array_length(clock, '$.pauses') > 0 AND json_extract(clock, '$.pauses[#-1].to') IS NULL THEN NULL ELSE due_at END),
  contact_due_at INTEGER AS (CASE WHEN loop = 'working' AND kind = 'tactical' AND first_contact_at IS NULL THEN first_contact_due_at END)
, facts INTEGER NOT NULL DEFAULT 0);
CREATE INDEX cases_problem ON cases (case_match_key, number);
CREATE INDEX cases_opened ON cases (opened_at, number, stage);
CREATE INDEX cases_stage ON cases (stage, opened_at);
CREATE INDEX cases_template ON cases (template, opened_at, number, stage);
CREATE INDEX cases_team ON cases (team, opened_at, number, stage);
CREATE INDEX cases_assignee ON cases (assignee, opened_at, number, stage);
CREATE INDEX cases_loop_owner ON cases (loop_owner, opened_at, number, stage);
CREATE INDEX cases_category ON cases (category, opened_at, number, stage);
CREATE INDEX cases_severity ON cases (severity, opened_at, number, stage);
CREATE INDEX cases_tier ON cases (tier, opened_at, number, stage);
CREATE INDEX cases_source ON cases (source, opened_at, number, stage);
CREATE INDEX cases_open ON cases (due_at, loop, overdue_at, contact_due_at, needs_decision, is_disputed) WHERE is_open = 1;
CREATE INDEX cases_open_newest ON cases (opened_at) WHERE is_open = 1;
CREATE INDEX cases_open_severity ON cases (severity_rank, due_at) WHERE is_open = 1;
CREATE INDEX cases_open_template ON cases (template, due_at) WHERE is_open = 1;
CREATE INDEX cases_open_team ON cases (team, due_at) WHERE is_open = 1;
CREATE INDEX cases_open_assignee ON cases (assignee, due_at) WHERE is_open = 1;
CREATE INDEX cases_open_loop_owner ON cases (loop_owner, due_at) WHERE is_open = 1;
CREATE INDEX cases_open_category ON cases (category, due_at) WHERE is_open = 1;
CREATE INDEX cases_needing_decision ON cases (team, due_at) WHERE needs_decision = 1;
CREATE INDEX cases_strategic ON cases (number) WHERE kind = 'strategic';
CREATE INDEX cases_disputed ON cases (team, due_at) WHERE is_disputed = 1;
CREATE INDEX cases_asked ON cases (loop_owner, opened_at) WHERE stage = 'asked';
CREATE INDEX cases_unverified ON cases (resolved_at) WHERE stage = 'unverified';
CREATE UNIQUE INDEX cases_issue ON cases (tracker, issue_id) WHERE issue_id IS NOT NULL;
CREATE INDEX cases_customer ON cases (customer_key) WHERE customer_key IS NOT NULL;
CREATE INDEX cases_gate ON cases (number) WHERE gate IS NOT NULL;
CREATE INDEX cases_reread ON cases (tracker, issue_read_at) WHERE issue_id IS NOT NULL AND missed_issue_reads IS NULL AND loop IN ('working', 'resolved', 'asked');
CREATE INDEX cases_missing ON cases (tracker) WHERE missed_issue_reads IS NOT NULL;
CREATE INDEX cases_in_trouble ON cases (tracker) WHERE issue_trouble IS NOT NULL;
CREATE INDEX cases_issue_key ON cases (tracker, issue_key COLLATE NOCASE) WHERE issue_key IS NOT NULL;
CREATE INDEX cases_duplicates_due ON cases (tracker, duplicate_search_due_at) WHERE duplicate_search_due_at IS NOT NULL;
CREATE INDEX cases_report ON cases (opened_at, team, category, template, source, tier, facts, contact_ms, close_ms, customer_key);
CREATE TRIGGER cases_counted AFTER INSERT ON cases BEGIN INSERT INTO case_counts (stage, cases) VALUES (NEW.stage, 1) ON CONFLICT (stage) DO UPDATE SET cases = cases + 1; END;
CREATE TRIGGER cases_recounted AFTER UPDATE OF loop ON cases WHEN OLD.loop <> NEW.loop BEGIN UPDATE case_counts SET cases = cases - 1 WHERE stage = OLD.stage; INSERT INTO case_counts (stage, cases) VALUES (NEW.stage, 1) ON CONFLICT (stage) DO UPDATE SET cases = cases + 1; END;
CREATE TRIGGER search_cases_insert AFTER INSERT ON cases BEGIN INSERT INTO search_cases (rowid, text) VALUES (NEW.number, COALESCE(NEW.issue_key, '') || ' ' || COALESCE(NEW.category, '') || ' ' || COALESCE(NEW.closing_note, '') || ' ' || COALESCE(NEW.explanation, '') || ' ' || COALESCE(NEW.root_cause, '')); END;
CREATE TRIGGER search_cases_update AFTER UPDATE OF issue_key, category, closing_note, explanation, root_cause ON cases WHEN COALESCE(OLD.issue_key, '') || ' ' || COALESCE(OLD.category, '') || ' ' || COALESCE(OLD.closing_note, '') || ' ' || COALESCE(OLD.explanation, '') || ' ' || COALESCE(OLD.root_cause, '') <> COALESCE(NEW.issue_key, '') || ' ' || COALESCE(NEW.category, '') || ' ' || COALESCE(NEW.closing_note, '') || ' ' || COALESCE(NEW.explanation, '') || ' ' || COALESCE(NEW.root_cause, '') BEGIN INSERT INTO search_cases (search_cases, rowid, text) VALUES ('delete', OLD.number, COALESCE(OLD.issue_key, '') || ' ' || COALESCE(OLD.category, '') || ' ' || COALESCE(OLD.closing_note, '') || ' ' || COALESCE(OLD.explanation, '') || ' ' || COALESCE(OLD.root_cause, '')); INSERT INTO search_cases (rowid, text) VALUES (NEW.number, COALESCE(NEW.issue_key, '') || ' ' || COALESCE(NEW.category, '') || ' ' || COALESCE(NEW.closing_note, '') || ' ' || COALESCE(NEW.explanation, '') || ' ' || COALESCE(NEW.root_cause, '')); END;
CREATE TRIGGER case_scores_reopened AFTER UPDATE OF loop ON cases WHEN NEW.loop = 'working' AND OLD.loop <> 'working' BEGIN UPDATE case_scores SET after = NULL, after_at = NULL WHERE case_id = NEW.id; END;
CREATE TRIGGER cases_facts_insert AFTER INSERT ON cases BEGIN UPDATE cases SET facts = (first_contact_at IS NOT NULL) + 2 * (resolved_at IS NOT NULL OR generation > 1) + 4 * COALESCE(loop <> 'working' AND resolved_at <= due_at, 0) + 8 * COALESCE((loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1), 0) + 16 * (loop IN ('confirmed', 'unseen-recovery')) + 32 * (disputes > 0) + 64 * (generation > 1) WHERE number = NEW.number; END;
CREATE TRIGGER cases_facts_update AFTER UPDATE OF first_contact_at, resolved_at, generation, loop, due_at, overdue, disputes ON cases WHEN OLD.facts <> (NEW.first_contact_at IS NOT NULL) + 2 * (NEW.resolved_at IS NOT NULL OR NEW.generation > 1) + 4 * COALESCE(NEW.loop <> 'working' AND NEW.resolved_at <= NEW.due_at, 0) + 8 * COALESCE((NEW.loop <> 'working' AND NEW.resolved_at > NEW.due_at) OR (NEW.loop = 'working' AND NEW.overdue = 1), 0) + 16 * (NEW.loop IN ('confirmed', 'unseen-recovery')) + 32 * (NEW.disputes > 0) + 64 * (NEW.generation > 1) BEGIN UPDATE cases SET facts = (first_contact_at IS NOT NULL) + 2 * (resolved_at IS NOT NULL OR generation > 1) + 4 * COALESCE(loop <> 'working' AND resolved_at <= due_at, 0) + 8 * COALESCE((loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1), 0) + 16 * (loop IN ('confirmed', 'unseen-recovery')) + 32 * (disputes > 0) + 64 * (generation > 1) WHERE number = NEW.number; END;

CREATE TABLE case_counts (
  -- Number of cases by stage, kept by triggers.
  stage TEXT PRIMARY KEY,
  cases INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE saved_views (
  -- Narrowed lists of cases under names, for everybody in the workspace.
  name TEXT PRIMARY KEY, query TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE held_matches (
  -- Matches of a runaway template until a case manager opens or drops them.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  template TEXT NOT NULL,
  response_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'opening', 'opened', 'dropped')),
  decided_at INTEGER,
  decided_by TEXT,
  UNIQUE (response_id, template)
);
CREATE INDEX held_matches_held ON held_matches (template, seq) WHERE state = 'held';
CREATE INDEX held_matches_decided ON held_matches (template, decided_at) WHERE state IN ('opening', 'opened');

CREATE TABLE strategic_cases (
  -- Theme, decision, and measure of a strategic case.
  case_id TEXT PRIMARY KEY,
  theme TEXT,
  decision TEXT,
  decision_owner TEXT,
  measure TEXT,
  last_joined_comment_at INTEGER NOT NULL
);
CREATE INDEX strategic_cases_decision_owner ON strategic_cases (decision_owner);

CREATE TABLE case_responses (
  -- Responses that belong to a case.
  case_id TEXT NOT NULL,
  response_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, response_id)
);
CREATE INDEX case_responses_response ON case_responses (response_id);
CREATE INDEX case_responses_customer ON case_responses (customer_key);
CREATE TRIGGER case_responses_acted_on AFTER INSERT ON case_responses BEGIN UPDATE responses SET is_acted_on = 1 WHERE id = NEW.response_id; DELETE FROM triage WHERE response_id = NEW.response_id; END;

CREATE TABLE triage (
  -- Unhappy responses that no template took, and later answers "no" without a case, until a person decides.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  response_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('unhappy', 'no')),
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  dismissed_at INTEGER,
  dismissed_by TEXT,
  reason TEXT
);
CREATE INDEX triage_open ON triage (seq) WHERE dismissed_at IS NULL;

CREATE TABLE case_addresses (
  -- Addresses named for the mail of a case to one customer; only a pinned or accepted one gets mail.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pinned', 'waiting', 'accepted', 'refused')),
  response_id TEXT,
  at INTEGER NOT NULL,
  decided_at INTEGER,
  UNIQUE (case_id, customer_key, address)
);
CREATE INDEX case_addresses_customer ON case_addresses (customer_key);
CREATE INDEX case_addresses_address ON case_addresses (lower(address));
CREATE INDEX case_addresses_response ON case_addresses (response_id) WHERE response_id IS NOT NULL;

CREATE TABLE case_links (
  -- Links from a duplicate to its original, from a tactical case to a strategic one, and between related cases.
  case_id TEXT NOT NULL,
  linked_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('duplicate-of', 'related', 'elevated-to', 'parted')),
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, linked_id, kind)
);
CREATE INDEX case_links_linked ON case_links (linked_id);

CREATE TABLE timeline (
  -- History of each case, without the words of customers.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  evidence TEXT,
  generation INTEGER NOT NULL
);
CREATE INDEX timeline_case ON timeline (case_id, seq);
CREATE INDEX timeline_at ON timeline (at) WHERE what LIKE 'closed as %';

CREATE TABLE plan_steps (
  -- Steps of the plan of a case, as check boxes or sub-issues.
  case_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  role TEXT NOT NULL,
  task TEXT NOT NULL,
  who TEXT,
  done_at INTEGER,
  done_by TEXT,
  form TEXT NOT NULL DEFAULT 'check-box' CHECK (form IN ('check-box', 'sub-issue')),
  form_why TEXT,
  issue_id TEXT,
  issue_key TEXT,
  issue_url TEXT,
  issue_state TEXT,
  issue_updated_at INTEGER,
  issue_read_at INTEGER, changed_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (case_id, position)
);
CREATE INDEX plan_steps_open ON plan_steps (who) WHERE done_at IS NULL;
CREATE INDEX plan_steps_issue ON plan_steps (issue_id) WHERE issue_id IS NOT NULL;
CREATE INDEX plan_steps_read ON plan_steps (issue_read_at) WHERE issue_id IS NOT NULL;

CREATE TABLE ladder_steps (
  -- Steps of the escalation ladder that were taken or skipped.
  case_id TEXT NOT NULL,
  ladder INTEGER NOT NULL,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('reminder', 'due', 'level', 'repeat', 'escalated')),
  share INTEGER,
  level INTEGER,
  at INTEGER NOT NULL,
  notified TEXT NOT NULL,
  skipped TEXT,
  once TEXT,
  PRIMARY KEY (case_id, ladder, step),
  UNIQUE (case_id, once)
);

CREATE TABLE contributors (
  -- People invited to one case by a link.
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
  -- Comments of contributors.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  invitation_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX contributions_case ON contributions (case_id, seq);
CREATE TRIGGER search_contributions_insert AFTER INSERT ON contributions BEGIN INSERT INTO search_contributions (rowid, text) VALUES (NEW.seq, NEW.text); END;
CREATE TRIGGER search_contributions_update AFTER UPDATE OF text ON contributions WHEN OLD.text <> NEW.text BEGIN INSERT INTO search_contributions (search_contributions, rowid, text) VALUES ('delete', OLD.seq, OLD.text); INSERT INTO search_contributions (rowid, text) VALUES (NEW.seq, NEW.text); END;
CREATE TRIGGER search_contributions_delete AFTER DELETE ON contributions BEGIN INSERT INTO search_contributions (search_contributions, rowid, text) VALUES ('delete', OLD.seq, OLD.text); END;

CREATE TABLE sign_in_links (
  -- Links that sign a person in once.
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  requested INTEGER NOT NULL,
  path TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX sign_in_links_at ON sign_in_links (at);

CREATE TABLE sessions (
  -- Sessions of signed-in people.
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX sessions_person ON sessions (person, at);

CREATE TABLE identities (
  -- People's accounts at issuers of OpenID Connect, each as a keyed hash.
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  at INTEGER NOT NULL
);

CREATE TABLE api_tokens (
  -- API tokens of people and programs, each as a keyed hash.
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  person TEXT,
  scopes TEXT NOT NULL,
  created_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  last_used_at INTEGER,
  ended_at INTEGER
);

CREATE TABLE audit_log (
  -- Accesses, personal data and settings: who did what. Lines are never changed and never deleted.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  about TEXT NOT NULL,
  details TEXT NOT NULL
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE commands (
  -- Tracker comments whose commands were already run.
  case_id TEXT NOT NULL,
  comment_id TEXT NOT NULL,
  PRIMARY KEY (case_id, comment_id)
);

CREATE TABLE asks (
  -- Questions by mail: follow-ups to customers and closers after a closing, later surveys, invitations after an event.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'closer', 'resurvey', 'invitation')),
  person TEXT NOT NULL,
  survey TEXT,
  state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'skipped', 'answered', 'expired')),
  why TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  sent_at INTEGER,
  expires_at INTEGER,
  answered_at INTEGER,
  answers TEXT,
  case_id TEXT,
  generation INTEGER,
  merged_into TEXT,
  waits_for TEXT,
  rule TEXT,
  origin_id TEXT,
  event TEXT,
  event_at INTEGER,
  address TEXT,
  CHECK ((kind IN ('customer', 'closer')) = (case_id IS NOT NULL)),
  UNIQUE (case_id, generation, kind, person)
);
CREATE INDEX asks_answered ON asks (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX asks_person ON asks (person);
CREATE INDEX asks_waiting ON asks (person) WHERE state = 'due';
CREATE INDEX asks_merged ON asks (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX asks_sent ON asks (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX asks_due ON asks (due_at) WHERE state = 'due';

CREATE TABLE verdicts (
  -- Outcome per case, customer, and generation.
  case_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  generation INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, customer_key, generation)
);
CREATE INDEX verdicts_at ON verdicts (at);

CREATE TABLE shipped (
  -- Releases and milestones that are out.
  kind TEXT NOT NULL CHECK (kind IN ('release', 'milestone')),
  name TEXT NOT NULL COLLATE NOCASE,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE TABLE mails (
  -- Mails with their intent, outcome, and delivery.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT,
  ask_id TEXT,
  person TEXT NOT NULL,
  asks INTEGER NOT NULL,
  counts INTEGER NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intent', 'sent', 'refused', 'unknown')),
  at INTEGER NOT NULL,
  provider TEXT,
  fate TEXT CHECK (fate IN ('delivered', 'bounced', 'complained')),
  ended_at INTEGER,
  why TEXT
);
CREATE INDEX mails_case ON mails (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX mails_person ON mails (person, at);
CREATE INDEX mails_provider ON mails (provider);
CREATE INDEX mails_ask ON mails (ask_id) WHERE ask_id IS NOT NULL;
CREATE INDEX mails_address ON mails (address, at);
CREATE INDEX mails_folded_address ON mails (lower(address));

CREATE TABLE notices (
  -- Notices to team members and channels, and those that wait for working hours, a digest, or the rest of a storm.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT,
  response_id TEXT,
  template TEXT NOT NULL,
  person TEXT NOT NULL,
  event TEXT NOT NULL,
  headline TEXT NOT NULL,
  because TEXT NOT NULL,
  acknowledge INTEGER NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'sent', 'dropped')),
  CHECK ((case_id IS NULL) <> (response_id IS NULL))
);
CREATE INDEX notices_case ON notices (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX notices_latest ON notices (person, template, event, due_at);
CREATE INDEX notices_held ON notices (person, due_at) WHERE state = 'held';

CREATE TABLE schedule (
  -- Timers: one row per due piece of work.
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  UNIQUE (kind, target)
);
CREATE INDEX schedule_due ON schedule (due_at);

CREATE TABLE runs (
  -- Batches of work that began and have not ended; a death of the process leaves them.
  name TEXT PRIMARY KEY,
  members TEXT NOT NULL,
  size INTEGER NOT NULL,
  deaths INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE outbox (
  -- Calls to trackers, mail hosts, and channels, until their outcome is certain.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  queue TEXT NOT NULL,
  ordering_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'calling', 'unknown', 'done', 'refused')),
  attempts INTEGER NOT NULL DEFAULT 0,
  lookups INTEGER NOT NULL DEFAULT 0,
  stops INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,
  deadline_at INTEGER,
  floor TEXT,
  error TEXT,
  ended_at INTEGER,
  rank INTEGER NOT NULL DEFAULT 3
);
CREATE INDEX outbox_ordering_key ON outbox (ordering_key, id);
CREATE INDEX outbox_queue_started ON outbox (queue, started_at) WHERE started_at IS NOT NULL;
CREATE INDEX outbox_calling ON outbox (queue, deadline_at) WHERE state = 'calling';
CREATE INDEX outbox_open ON outbox (queue, state, rank, id) WHERE state IN ('waiting', 'calling', 'unknown');

CREATE TABLE queues (
  -- State of each outbox queue: pauses and the circuit breaker.
  queue TEXT PRIMARY KEY,
  held_until INTEGER NOT NULL,
  rate_limited_until INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0,
  paused TEXT,
  paused_at INTEGER,
  paused_why TEXT
);

CREATE TABLE refusals (
  -- Calls about an issue, and parts of edits, that a tracker refused, until it takes them.
  case_id TEXT NOT NULL,
  part TEXT NOT NULL,
  tracker TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (case_id, part)
);
CREATE INDEX refusals_due ON refusals (tracker, next_at);

CREATE TABLE refused_deliveries (
  -- Deliveries that were refused, counted by source, reason and hour.
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  hour INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (source, reason, hour)
) WITHOUT ROWID;

CREATE TABLE rate_usage (
  -- Rate-limit usage per bucket; a bucket is one limit of a queue or of one resource in it.
  queue TEXT NOT NULL,
  bucket TEXT NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (queue, bucket, at)
) WITHOUT ROWID;

CREATE TABLE allowances (
  -- Remaining calls as the host itself reported them.
  queue TEXT NOT NULL,
  unit TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  resets_at INTEGER NOT NULL,
  PRIMARY KEY (queue, unit)
) WITHOUT ROWID;

CREATE TABLE targets (
  -- Polling state of each tracker.
  tracker TEXT PRIMARY KEY,
  cursor TEXT,
  polled_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  active_at INTEGER,
  hinted_at INTEGER
);

CREATE TABLE hints (
  -- Webhook ids already taken, so that a repeated webhook counts once.
  tracker TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tracker, id)
) WITHOUT ROWID;
CREATE INDEX hints_at ON hints (at);

CREATE VIRTUAL TABLE search_customers USING fts5(text, content = '', columnsize = 0, tokenize = 'trigram remove_diacritics 1');

CREATE VIRTUAL TABLE search_responses USING fts5(text, content = '', columnsize = 0, tokenize = 'trigram remove_diacritics 1');

CREATE VIRTUAL TABLE search_cases USING fts5(text, content = '', columnsize = 0, tokenize = 'trigram remove_diacritics 1');

CREATE VIRTUAL TABLE search_comments USING fts5(text, content = '', columnsize = 0, tokenize = 'trigram remove_diacritics 1');

CREATE VIRTUAL TABLE search_contributions USING fts5(text, content = '', columnsize = 0, tokenize = 'trigram remove_diacritics 1');

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

CREATE TABLE response_hours (
  -- Feedback by the hour of its submission, and what of it was acted on, kept by triggers.
  hour INTEGER NOT NULL,
  source TEXT NOT NULL,
  total INTEGER NOT NULL,
  acted_on INTEGER NOT NULL,
  PRIMARY KEY (hour, source)
) WITHOUT ROWID;

CREATE TABLE comments (
  -- Comments on the issue of a case by their ids in the tracker, comments, notes and calls of the case page, and replies by mail.
  case_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('tracker', 'page', 'note', 'call', 'reply', 'other-reply', 'automatic-reply')),
  issue_id TEXT,
  author TEXT,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER,
  PRIMARY KEY (case_id, id)
);
CREATE TRIGGER search_comments_insert AFTER INSERT ON comments BEGIN INSERT INTO search_comments (rowid, text) VALUES (NEW.rowid, NEW.text); END;
CREATE TRIGGER search_comments_update AFTER UPDATE OF text ON comments WHEN OLD.text <> NEW.text BEGIN INSERT INTO search_comments (search_comments, rowid, text) VALUES ('delete', OLD.rowid, OLD.text); INSERT INTO search_comments (rowid, text) VALUES (NEW.rowid, NEW.text); END;
CREATE TRIGGER search_comments_delete AFTER DELETE ON comments BEGIN INSERT INTO search_comments (search_comments, rowid, text) VALUES ('delete', OLD.rowid, OLD.text); END;

CREATE TABLE event_attempts (
  -- Tries to post events of cases to channels, the newest of each channel.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  channel TEXT NOT NULL,
  event_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  error TEXT
);
CREATE INDEX event_attempts_channel ON event_attempts (channel, seq);
CREATE INDEX event_attempts_taken ON event_attempts (channel, at) WHERE error IS NULL;

CREATE TABLE foreign_issues (
  -- Changed issues of no case that were read in vain for a command or label that adopts them.
  tracker TEXT NOT NULL,
  issue_id TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  PRIMARY KEY (tracker, issue_id)
) WITHOUT ROWID;

CREATE TABLE ended_channels (
  -- Channels that get no events any more until somebody replays them.
  channel TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  why TEXT NOT NULL
);

CREATE TABLE hooks (
  -- Webhooks that Caselite registers at trackers, and at survey tools for each form.
  queue TEXT NOT NULL,
  form TEXT NOT NULL,
  state TEXT NOT NULL,
  why TEXT,
  checked_at INTEGER NOT NULL,
  renewed_at INTEGER,
  PRIMARY KEY (queue, form)
) WITHOUT ROWID;
