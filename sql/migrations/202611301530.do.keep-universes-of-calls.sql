-- The score of a stock and its place follow from the other stocks of the day, whose universe is deleted after 30 days, or
-- replaced by a later run. Without it nobody can recompute a call (docs/adr/0049).
CREATE TABLE track_record_universes (
  sha256  text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  day     date NOT NULL,
  stocks  integer NOT NULL CHECK (stocks > 0),
  fit     jsonb NOT NULL,
  scores  float8[] NOT NULL,
  kept_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE track_record_universes IS
  'The stocks that published calls were compared with. A call names its own in explanation.universe.sha256';
COMMENT ON COLUMN track_record_universes.sha256 IS
  'SHA-256 of the JSON array of day, stocks, the numbers of the fit (mean score, two means, two slopes, deviation) and the scores';
COMMENT ON COLUMN track_record_universes.fit IS 'How the scores of the day depend on two inputs (docs/adr/0042)';
COMMENT ON COLUMN track_record_universes.scores IS
  'Neutral scores in ascending order, at quantiles if there are fewer than stocks';
GRANT SELECT ON track_record_universes TO boursomatic_api, boursomatic_pipeline;
GRANT INSERT (sha256, day, stocks, fit, scores) ON track_record_universes TO boursomatic_pipeline;
CREATE TRIGGER track_record_universes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON track_record_universes
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('published calls were compared with it', 'Publish a new call.');
