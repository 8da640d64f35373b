-- What the provider told of a mail after it was sent.
ALTER TABLE mails ADD COLUMN fate TEXT CHECK (fate IN ('delivered', 'bounced', 'complained'));
CREATE INDEX mails_provider ON mails (provider);
CREATE INDEX mails_address ON mails (address);
