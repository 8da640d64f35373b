CREATE TABLE invitations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  event TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  event_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'sent', 'skipped')),
  why TEXT NOT NULL,
  sent_at INTEGER
);
CREATE INDEX invitations_customer ON invitations (customer_key);
