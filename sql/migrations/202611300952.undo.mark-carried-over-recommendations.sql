DROP INDEX recommendations_freshness;
CREATE INDEX recommendations_freshness ON recommendations (profile, as_of, instrument_id) WHERE is_active;
ALTER TABLE recommendations DROP COLUMN is_carried_over;
