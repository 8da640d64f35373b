-- Asked before each call: without it every call would read all that a lane has ever sent.
CREATE INDEX outbox_calling ON outbox (lane, deadline_at) WHERE state = 'calling';
