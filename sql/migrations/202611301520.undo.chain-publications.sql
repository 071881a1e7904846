DROP TRIGGER recommendations_chained ON recommendations;
DROP TRIGGER recommendations_published ON recommendations;
ALTER TABLE recommendations DROP COLUMN publication_id;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id, kind, close, atr, currency
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');
DROP TABLE publication_copies;
DROP TABLE publication_calls;
DROP TABLE publications;
DROP FUNCTION check_call_is_chained();
DROP FUNCTION check_publication_call_is_open();
DROP FUNCTION check_publication_is_next();
