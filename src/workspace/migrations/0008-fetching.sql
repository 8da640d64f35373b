CREATE INDEX deliveries_fetching ON deliveries (seq) WHERE outcome = 'fetching';
