-- Why the work was declined, in the words of a person, for the customer; which case it repeats; what asking waits for.
ALTER TABLE cases ADD COLUMN closing_note TEXT;
ALTER TABLE cases ADD COLUMN duplicate_of TEXT;
ALTER TABLE cases ADD COLUMN gate TEXT;
ALTER TABLE cases ADD COLUMN disputes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_duplicate_of ON cases (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX cases_gate ON cases (number) WHERE gate IS NOT NULL;

-- The follow-up whose mail serves this one as well, and what it still waits for.
ALTER TABLE follow_ups ADD COLUMN merged_into TEXT;
ALTER TABLE follow_ups ADD COLUMN waits_for TEXT;
CREATE INDEX follow_ups_waiting ON follow_ups (person) WHERE state = 'due';
CREATE INDEX follow_ups_merged ON follow_ups (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE mails ADD COLUMN ended_at INTEGER;
ALTER TABLE mails ADD COLUMN why TEXT;
CREATE INDEX mails_follow_up ON mails (follow_up_id) WHERE follow_up_id IS NOT NULL;

-- Who was asked by which mail, as keyed marks of keys and addresses: they outlive an erasure.
CREATE TABLE contacts (
  mark TEXT NOT NULL,
  mail_id TEXT NOT NULL,
  PRIMARY KEY (mark, mail_id)
) WITHOUT ROWID;

CREATE INDEX customers_address ON customers (lower(email));
