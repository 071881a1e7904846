-- A track record of calls that were made after the fact proves nothing. So the database itself dates each call and says of
-- which kind it is.

-- Releases before v1.0.0 did not name the end of their data: they learned from the bars up to this day.
UPDATE model_versions SET data_to = '2015-12-31'
WHERE data_to IS NULL AND (version, params_hash) IN (
  ('v0.1.0', 'b5c95fe5dd3f621fcca4be8ab9ccc74af17d1bfe227503cf51936b2634c16b1f'),
  ('v0.2.0', 'fa5afd5e5d80a87ecdd5762e5ac28de31a50b5cc411309adad57eb133469e17d'),
  ('v0.3.0', '2ef265831b74caf9c0d67233a2606d84af43d1bb73f9e1234fce865b1cac2ab0')
);
COMMENT ON COLUMN model_versions.data_to IS
  'Last day of the data for training, calibration and tests; null if its release does not name it. Calls for days up to it are hindsight';
-- What a registered version learned from does not change.
REVOKE UPDATE ON model_versions FROM boursomatic_training;
GRANT UPDATE (is_active) ON model_versions TO boursomatic_training;

CREATE TABLE data_origin (
  id        boolean PRIMARY KEY DEFAULT true CHECK (id),
  is_sample boolean NOT NULL
);
COMMENT ON TABLE data_origin IS 'One row: whether this database holds the bundled sample, whose calls prove nothing';
INSERT INTO data_origin (is_sample) VALUES (current_database() = 'boursomatic_sample');
CREATE TRIGGER data_origin_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON data_origin
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('it decides which calls count', 'Use another database.');

-- Without a search path of its own, so that its callers inline it.
CREATE FUNCTION kind_of_call(published timestamptz, based_on timestamptz, data_to date, is_sample boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN is_sample THEN 'sample'
    WHEN data_to IS NULL OR data_to >= (based_on AT TIME ZONE 'UTC')::date THEN 'hindsight'
    WHEN (published AT TIME ZONE 'UTC')::date - (based_on AT TIME ZONE 'UTC')::date BETWEEN 0 AND 4 THEN 'live'
    ELSE 'backdated'
  END
$$;
COMMENT ON FUNCTION kind_of_call IS
  'live: published on its as-of or up to four calendar days later, by a model whose data end before the as-of';

-- Earlier versions stored the run's clock, which a run of historical bars sets to their last day. The id has the
-- database's clock.
UPDATE recommendations SET generated_at = uuid_extract_timestamp(id)
WHERE generated_at NOT BETWEEN uuid_extract_timestamp(id) - interval '1 hour' AND uuid_extract_timestamp(id) + interval '1 hour';
ALTER TABLE recommendations ALTER COLUMN generated_at SET DEFAULT now();
COMMENT ON COLUMN recommendations.generated_at IS 'When it was published, by the clock of the database';

-- Without a model's data_to, and so for most earlier rows, the kind is hindsight. A default costs no rewrite of the table.
ALTER TABLE recommendations ADD COLUMN kind text NOT NULL DEFAULT 'hindsight'
  CHECK (kind IN ('live', 'backdated', 'hindsight', 'sample'));
UPDATE recommendations r SET kind = kind_of_call(r.generated_at, r.as_of, m.data_to, d.is_sample)
FROM model_versions m, data_origin d
WHERE m.id = r.model_version_id AND kind_of_call(r.generated_at, r.as_of, m.data_to, d.is_sample) <> 'hindsight';
ALTER TABLE recommendations ALTER COLUMN kind DROP DEFAULT;
COMMENT ON COLUMN recommendations.kind IS 'By kind_of_call when it was published; only live calls count in the track record';

-- Runs as the owner, so that it reads what the pipeline may not.
CREATE FUNCTION set_kind_of_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT kind_of_call(NEW.generated_at, NEW.as_of, m.data_to, d.is_sample) INTO NEW.kind
  FROM data_origin d LEFT JOIN model_versions m ON m.id = NEW.model_version_id;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION set_kind_of_call() FROM PUBLIC;
CREATE TRIGGER recommendations_kind BEFORE INSERT ON recommendations
  FOR EACH ROW EXECUTE FUNCTION set_kind_of_call();

DROP TRIGGER recommendations_published ON recommendations;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id, kind
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');

-- Without id and generated_at, which have the database's clock, and without kind.
REVOKE INSERT ON recommendations FROM boursomatic_pipeline;
GRANT INSERT (instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
  take_profit, justification, features_snapshot, explanation, is_active, as_of, run_id, archived_at)
  ON recommendations TO boursomatic_pipeline;

-- As before, but live calls alone count, and are compared with each other.
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
COMMENT ON TABLE track_record_days IS 'Live recommendations that have an outcome, by day, model, profile and label';
COMMENT ON COLUMN track_record_days.market_return_pct IS 'Average return of all instruments with a live call of the day, whatever its label';

DELETE FROM track_record_days;
-- Touching an outcome fires the trigger.
UPDATE recommendation_outcomes o SET scored_at = scored_at FROM recommendations r
WHERE r.id = o.recommendation_id AND r.kind = 'live';
