CREATE TABLE resurveys (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  response_id TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  survey TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'skipped', 'answered')),
  why TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  sent_at INTEGER,
  expires_at INTEGER,
  answered_at INTEGER,
  answers TEXT
);
CREATE INDEX resurveys_customer ON resurveys (customer_key);
