REVOKE INSERT (instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
  take_profit, justification, features_snapshot, explanation, is_active, as_of, run_id, archived_at)
  ON recommendations FROM boursomatic_pipeline;
GRANT INSERT ON recommendations TO boursomatic_pipeline;
DROP TRIGGER recommendations_kind ON recommendations;
DROP FUNCTION set_kind_of_call();
DROP TRIGGER recommendations_published ON recommendations;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');
ALTER TABLE recommendations DROP COLUMN kind;
ALTER TABLE recommendations ALTER COLUMN generated_at DROP DEFAULT;
COMMENT ON COLUMN recommendations.generated_at IS 'The run''s clock when it published';
DROP FUNCTION kind_of_call(timestamptz, timestamptz, date, boolean);
DROP TABLE data_origin;
REVOKE UPDATE (is_active) ON model_versions FROM boursomatic_training;
GRANT UPDATE ON model_versions TO boursomatic_training;
COMMENT ON COLUMN model_versions.data_to IS 'Last day of the training data; null if its release does not name it';
CREATE OR REPLACE FUNCTION count_track_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM written) THEN
    RETURN NULL;
  END IF;
  -- Of two runs that score the same day, the second counts what the first one wrote.
  PERFORM pg_advisory_xact_lock(hashtext('track_record'));
  INSERT INTO track_record_days AS t
  WITH touched AS (
    SELECT DISTINCT r.as_of, r.horizon_days FROM written w JOIN recommendations r ON r.id = w.recommendation_id
  ), scored AS (
    SELECT r.as_of, r.horizon_days, r.instrument_id, r.model_version_id, r.profile, r.label,
      o.realised_return_pct AS pct
    FROM touched d
    JOIN recommendations r ON r.as_of = d.as_of AND r.horizon_days = d.horizon_days
    JOIN recommendation_outcomes o ON o.recommendation_id = r.id
  ), market AS (
    -- An instrument counts once, however many profiles and models spoke of it.
    SELECT as_of, horizon_days, avg(pct) AS pct
    FROM (SELECT DISTINCT ON (as_of, horizon_days, instrument_id) as_of, horizon_days, pct FROM scored) AS each
    GROUP BY as_of, horizon_days
  )
  SELECT s.as_of, s.horizon_days, s.model_version_id, s.profile, s.label, count(*),
    count(*) FILTER (WHERE s.pct > m.pct), count(*) FILTER (WHERE s.pct < m.pct), sum(s.pct), m.pct
  FROM scored s JOIN market m USING (as_of, horizon_days)
  GROUP BY s.as_of, s.horizon_days, s.model_version_id, s.profile, s.label, m.pct
  ON CONFLICT (as_of, horizon_days, model_version_id, profile, label) DO UPDATE
    SET scored = excluded.scored, above_market = excluded.above_market, below_market = excluded.below_market,
        return_sum = excluded.return_sum, market_return_pct = excluded.market_return_pct;
  RETURN NULL;
END $$;
COMMENT ON TABLE track_record_days IS 'Recommendations that have an outcome, by day, model, profile and label';
COMMENT ON COLUMN track_record_days.market_return_pct IS 'Average return of all instruments scored for the same days, whatever their label';
UPDATE recommendation_outcomes SET scored_at = scored_at;
