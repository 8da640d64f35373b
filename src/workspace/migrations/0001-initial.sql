CREATE TABLE settings (
  version INTEGER PRIMARY KEY,
  files TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL
);

CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'stored', 'duplicate', 'set-aside', 'test')),
  tries INTEGER NOT NULL DEFAULT 0,
  response_id TEXT,
  error TEXT
);
CREATE INDEX deliveries_waiting ON deliveries (seq) WHERE outcome = 'waiting';

CREATE TABLE customers (
  key TEXT PRIMARY KEY,
  email TEXT,
  name TEXT,
  tier TEXT,
  revenue REAL,
  language TEXT,
  updated_at INTEGER NOT NULL
);

CREATE TABLE opt_outs (
  person TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);

CREATE TABLE responses (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  form TEXT NOT NULL,
  revision INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  customer_key TEXT NOT NULL,
  content TEXT NOT NULL,
  decisions TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX responses_customer ON responses (customer_key);

CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  problem_key TEXT NOT NULL,
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
  tracker TEXT NOT NULL,
  issue_id TEXT,
  issue_key TEXT,
  issue_url TEXT,
  issue_state TEXT,
  issue_labels TEXT NOT NULL DEFAULT '[]',
  issue_updated_at INTEGER NOT NULL DEFAULT 0,
  issue_read_at INTEGER NOT NULL DEFAULT 0,
  comments_seen_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX cases_problem ON cases (problem_key, number);
CREATE UNIQUE INDEX cases_issue ON cases (tracker, issue_id) WHERE issue_id IS NOT NULL;

CREATE TABLE case_responses (
  case_id TEXT NOT NULL,
  response_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, response_id)
);

CREATE TABLE timeline (
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

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  lane TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'calling', 'unknown', 'done', 'refused')),
  attempts INTEGER NOT NULL DEFAULT 0,
  looks INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,
  deadline_at INTEGER,
  floor TEXT,
  error TEXT,
  ended_at INTEGER
);
CREATE INDEX outbox_open ON outbox (lane, id) WHERE state IN ('waiting', 'calling', 'unknown');
CREATE INDEX outbox_subject ON outbox (subject, id);

CREATE TABLE lanes (
  lane TEXT PRIMARY KEY,
  held_until INTEGER NOT NULL
);

CREATE TABLE schedule (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  due_at INTEGER NOT NULL
);
CREATE INDEX schedule_due ON schedule (due_at);

CREATE TABLE targets (
  tracker TEXT PRIMARY KEY,
  cursor TEXT,
  polled_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  error TEXT
);

CREATE TABLE follow_ups (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'closer')),
  person TEXT NOT NULL,
  survey TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'skipped', 'answered', 'expired')),
  why TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  sent_at INTEGER,
  expires_at INTEGER,
  answered_at INTEGER,
  answers TEXT,
  UNIQUE (case_id, generation, kind, person)
);

CREATE TABLE verdicts (
  case_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  generation INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, customer_key, generation)
);

CREATE TABLE mails (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT,
  follow_up_id TEXT,
  person TEXT NOT NULL,
  asks INTEGER NOT NULL,
  counts INTEGER NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intent', 'sent', 'refused', 'unknown')),
  at INTEGER NOT NULL,
  provider TEXT
);
CREATE INDEX mails_person ON mails (person, at);

CREATE TABLE commands (
  case_id TEXT NOT NULL,
  comment_id TEXT NOT NULL,
  PRIMARY KEY (case_id, comment_id)
);

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);
