-- If a run cannot renew an instrument's call, the call stays active and does not count as one of that run.
ALTER TABLE recommendations ADD COLUMN is_carried_over boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN recommendations.is_carried_over IS 'Whether the latest run made no call for the instrument, so that this earlier one stays active';
-- Counts of current and carried-over calls read the index alone.
DROP INDEX recommendations_freshness;
CREATE INDEX recommendations_freshness ON recommendations (profile, as_of, instrument_id)
  INCLUDE (is_carried_over) WHERE is_active;
