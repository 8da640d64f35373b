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
