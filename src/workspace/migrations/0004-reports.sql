CREATE INDEX timeline_at ON timeline (at) WHERE what LIKE 'closed as %';

CREATE INDEX verdicts_at ON verdicts (at);

CREATE INDEX follow_ups_answered ON follow_ups (answered_at) WHERE answered_at IS NOT NULL;
