ALTER TABLE comments RENAME TO comments_before;
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
INSERT INTO comments (rowid, case_id, id, kind, issue_id, author, text, at, edited_at, deleted_at)
  SELECT rowid, case_id, id, kind, issue_id, author, text, at, edited_at, deleted_at FROM comments_before;
DROP TABLE comments_before;
CREATE TRIGGER search_comments_insert AFTER INSERT ON comments BEGIN INSERT INTO search_comments (rowid, text) VALUES (NEW.rowid, NEW.text); END;
CREATE TRIGGER search_comments_update AFTER UPDATE OF text ON comments WHEN OLD.text <> NEW.text BEGIN INSERT INTO search_comments (search_comments, rowid, text) VALUES ('delete', OLD.rowid, OLD.text); INSERT INTO search_comments (rowid, text) VALUES (NEW.rowid, NEW.text); END;
CREATE TRIGGER search_comments_delete AFTER DELETE ON comments BEGIN INSERT INTO search_comments (search_comments, rowid, text) VALUES ('delete', OLD.rowid, OLD.text); END;
