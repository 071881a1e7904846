-- A track record proves something only if nobody can improve it afterwards. The grants below let the pipeline add calls
-- and outcomes, and archive a call. The triggers refuse everything else, so that a grant too many changes nothing.

CREATE FUNCTION keep_record() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
      USING ERRCODE = 'insufficient_privilege', HINT = TG_ARGV[1];
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_record() IS
  'Refuses a change of the track record by any role except the table''s owner. Arguments: why, and what to do instead';

REVOKE UPDATE ON recommendations FROM boursomatic_pipeline;
GRANT UPDATE (is_active, archived_at, is_carried_over) ON recommendations TO boursomatic_pipeline;

-- Fires once per statement and not per row, so that it costs nothing to archive ten thousand calls.
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');
CREATE TRIGGER recommendations_archived_once BEFORE UPDATE ON recommendations FOR EACH ROW
  WHEN (NOT OLD.is_active OR NEW.is_active <> (NEW.archived_at IS NULL) OR NEW.archived_at <> now())
  EXECUTE FUNCTION keep_record('an archived call stays archived, and archived_at is the time of its transaction',
    'Set is_active to false and archived_at to now(), once.');

REVOKE INSERT, UPDATE ON recommendation_outcomes FROM boursomatic_pipeline;
-- Without scored_at, which is the database's clock.
GRANT INSERT (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
  ON recommendation_outcomes TO boursomatic_pipeline;
CREATE TRIGGER recommendation_outcomes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON recommendation_outcomes
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('the first outcome of a call counts', 'Add a row to outcome_revisions.');
COMMENT ON TABLE recommendation_outcomes IS
  'The return of each call over horizon_days bars after its as_of, from the bars that were stored when it was scored first';

CREATE TABLE outcome_revisions (
  recommendation_id   uuid NOT NULL REFERENCES recommendation_outcomes (recommendation_id),
  revision            integer NOT NULL CHECK (revision > 0),
  exit_ts             timestamptz NOT NULL,
  entry_close         double precision NOT NULL CHECK (entry_close > 0),
  exit_close          double precision NOT NULL CHECK (exit_close > 0),
  realised_return_pct double precision NOT NULL,
  scored_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (recommendation_id, revision)
);
COMMENT ON TABLE outcome_revisions IS 'Outcomes from restated bars, numbered by call; they count nowhere';
GRANT SELECT, INSERT (recommendation_id, revision, exit_ts, entry_close, exit_close, realised_return_pct)
  ON outcome_revisions TO boursomatic_pipeline;
CREATE TRIGGER outcome_revisions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON outcome_revisions
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('revisions are a log', 'Add another row.');

CREATE TRIGGER track_record_days_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON track_record_days
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers count the outcomes', 'Insert outcomes.');
