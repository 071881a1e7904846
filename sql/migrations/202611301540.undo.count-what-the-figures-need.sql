DROP TRIGGER track_record_market_returns_inserted ON track_record_market_returns;
DROP TRIGGER recommendation_outcomes_inserted ON recommendation_outcomes;
DROP TRIGGER recommendation_outcomes_updated ON recommendation_outcomes;
DROP FUNCTION count_market_returns();
DROP FUNCTION count_track_record();
DROP FUNCTION count_track_record_days(timestamptz[], integer[]);
DROP FUNCTION number_of(jsonb);
DROP TABLE track_record_bins;
DROP TABLE track_record_rank_ics;
DROP TABLE track_record_days;

CREATE TABLE track_record_days (
  as_of             timestamptz NOT NULL,
  horizon_days      integer NOT NULL,
  model_version_id  uuid NOT NULL REFERENCES model_versions (id),
  profile           text NOT NULL,
  label             text NOT NULL,
  scored            integer NOT NULL,
  above_market      integer NOT NULL,
  below_market      integer NOT NULL,
  return_sum        double precision NOT NULL,
  market_return_pct double precision NOT NULL,
  PRIMARY KEY (as_of, horizon_days, model_version_id, profile, label)
);
COMMENT ON TABLE track_record_days IS 'Live recommendations that have an outcome, by day, model, profile and label';
COMMENT ON COLUMN track_record_days.market_return_pct IS 'Average return of all instruments with a live call of the day, whatever its label';
COMMENT ON COLUMN track_record_days.above_market IS 'How many returned more than market_return_pct';
COMMENT ON COLUMN track_record_days.return_sum IS 'Sum of realised_return_pct';
CREATE FUNCTION count_track_record() RETURNS trigger
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
    WHERE r.kind = 'live'
  ), scored AS (
    SELECT r.as_of, r.horizon_days, r.instrument_id, r.model_version_id, r.profile, r.label,
      o.realised_return_pct AS pct
    FROM touched d
    JOIN recommendations r ON r.as_of = d.as_of AND r.horizon_days = d.horizon_days AND r.kind = 'live'
    JOIN recommendation_outcomes o ON o.recommendation_id = r.id
  ), market AS (
    -- An instrument counts once, however many profiles and models have a call for it.
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
REVOKE ALL ON FUNCTION count_track_record() FROM PUBLIC;
CREATE TRIGGER recommendation_outcomes_inserted AFTER INSERT ON recommendation_outcomes
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_track_record();
CREATE TRIGGER recommendation_outcomes_updated AFTER UPDATE ON recommendation_outcomes
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_track_record();
CREATE TRIGGER track_record_days_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON track_record_days
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers count the outcomes', 'Insert outcomes.');
GRANT SELECT ON track_record_days TO boursomatic_api;
UPDATE recommendation_outcomes o SET scored_at = scored_at FROM recommendations r
WHERE r.id = o.recommendation_id AND r.kind = 'live';
