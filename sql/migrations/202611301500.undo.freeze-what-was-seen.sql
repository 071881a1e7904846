DROP FUNCTION basis_factor(uuid, timestamptz, timestamptz, float8, jsonb);
DROP TABLE track_record_market_returns;
ALTER TABLE outcome_revisions DROP COLUMN entry_open, DROP COLUMN open_return_pct, DROP COLUMN first_hit,
  DROP COLUMN first_hit_after;
ALTER TABLE recommendation_outcomes DROP COLUMN entry_open, DROP COLUMN open_return_pct, DROP COLUMN first_hit,
  DROP COLUMN first_hit_after, DROP COLUMN realised_label;
COMMENT ON COLUMN recommendation_outcomes.entry_close IS NULL;
DROP TRIGGER recommendations_published ON recommendations;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id, kind
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');
ALTER TABLE recommendations DROP COLUMN close, DROP COLUMN atr, DROP COLUMN currency;
