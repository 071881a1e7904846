-- Score reads the calls that have no outcome, without a look at ten years of those that have one.

CREATE TABLE unscored_recommendations (
  recommendation_id uuid PRIMARY KEY REFERENCES recommendations (id) ON DELETE CASCADE,
  instrument_id     uuid NOT NULL,
  as_of             timestamptz NOT NULL,
  horizon_days      integer NOT NULL
);
COMMENT ON TABLE unscored_recommendations IS 'The calls without an outcome; triggers add and remove them';
GRANT SELECT ON unscored_recommendations TO boursomatic_pipeline;
INSERT INTO unscored_recommendations
SELECT id, instrument_id, as_of, horizon_days FROM recommendations r
WHERE NOT EXISTS (SELECT FROM recommendation_outcomes o WHERE o.recommendation_id = r.id);
CREATE TRIGGER unscored_recommendations_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON unscored_recommendations
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers list the calls without an outcome', 'Insert calls or outcomes.');

-- Both run as the owner, so that no other role may change the list.
CREATE FUNCTION list_unscored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO unscored_recommendations SELECT id, instrument_id, as_of, horizon_days FROM written;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION list_unscored() FROM PUBLIC;
CREATE TRIGGER recommendations_unscored AFTER INSERT ON recommendations REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION list_unscored();

CREATE FUNCTION unlist_scored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM unscored_recommendations u USING written w WHERE u.recommendation_id = w.recommendation_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION unlist_scored() FROM PUBLIC;
CREATE TRIGGER recommendation_outcomes_scored AFTER INSERT ON recommendation_outcomes REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION unlist_scored();

CREATE TABLE market_return_backlog (
  as_of        timestamptz NOT NULL,
  horizon_days integer NOT NULL CHECK (horizon_days > 0),
  first_exit   timestamptz NOT NULL,
  PRIMARY KEY (as_of, horizon_days)
);
COMMENT ON TABLE market_return_backlog IS
  'Days with a scored call that wait for their row in track_record_market_returns, because too few stocks have the bar of the exit';
COMMENT ON COLUMN market_return_backlog.first_exit IS 'The end of the horizon of the call that was scored first';
GRANT SELECT, INSERT, DELETE ON market_return_backlog TO boursomatic_pipeline;

COMMENT ON TABLE outcome_backlog IS
  'Instruments whose scored calls Score has to compute again: from changed_from on, returns over stored bars changed';
