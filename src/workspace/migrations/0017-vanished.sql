-- What is wrong with an issue becomes a record of its own; the next look writes it anew.
UPDATE cases SET issue_trouble = NULL, issue_lost = NULL;

DROP INDEX cases_look_again;
CREATE INDEX cases_look_again ON cases (tracker, issue_read_at)
  WHERE issue_id IS NOT NULL AND issue_lost IS NULL AND loop IN ('working', 'resolved', 'asked');
CREATE INDEX cases_lost ON cases (tracker) WHERE issue_lost IS NOT NULL;
CREATE INDEX cases_in_trouble ON cases (tracker) WHERE issue_trouble IS NOT NULL;
