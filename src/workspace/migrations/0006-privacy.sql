ALTER TABLE responses ADD COLUMN erased_at INTEGER;

CREATE TABLE erasures (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  responses INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  mails INTEGER NOT NULL
);

CREATE INDEX cases_customer ON cases (customer_key) WHERE customer_key IS NOT NULL;

CREATE INDEX case_responses_customer ON case_responses (customer_key);

CREATE INDEX follow_ups_person ON follow_ups (person);
