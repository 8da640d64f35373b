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
