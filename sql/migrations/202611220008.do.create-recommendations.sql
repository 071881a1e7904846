CREATE TABLE recommendations (
  id                  uuid PRIMARY KEY DEFAULT uuidv7(),
  instrument_id       uuid NOT NULL REFERENCES instruments (id),
  model_version_id    uuid NOT NULL REFERENCES model_versions (id),
  profile             text NOT NULL CHECK (profile IN ('conservative', 'moderate', 'aggressive')),
  label               text NOT NULL CHECK (label IN ('BUY', 'HOLD', 'SELL')),
  confidence          double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  expected_return_pct double precision NOT NULL,
  horizon_days        integer NOT NULL CHECK (horizon_days > 0),
  stop_loss           double precision NOT NULL CHECK (stop_loss > 0),
  take_profit         double precision NOT NULL CHECK (take_profit > 0),
  justification       text NOT NULL CHECK (justification <> ''),
  features_snapshot   jsonb NOT NULL CHECK (jsonb_typeof(features_snapshot) = 'object'),
  generated_at        timestamptz NOT NULL,
  is_active           boolean NOT NULL DEFAULT false,
  explanation         jsonb NOT NULL CHECK (jsonb_typeof(explanation) = 'object'),
  as_of               timestamptz NOT NULL,
  run_id              text NOT NULL REFERENCES pipeline_runs (id),
  archived_at         timestamptz
);
COMMENT ON COLUMN recommendations.explanation IS 'Probabilities, and each feature''s contribution to the expected return';
COMMENT ON COLUMN recommendations.as_of IS 'The bar that the recommendation is based on; nothing later was read';
COMMENT ON COLUMN recommendations.generated_at IS 'The run''s clock when it published';
CREATE INDEX recommendations_active_generated ON recommendations (is_active, generated_at);
CREATE INDEX recommendations_history ON recommendations (instrument_id, profile, generated_at);
-- Holds the id too, so that counting a model's recommendations reads the index alone.
CREATE INDEX recommendations_model_version ON recommendations (model_version_id) INCLUDE (id);
CREATE UNIQUE INDEX recommendations_one_active ON recommendations (instrument_id, profile) WHERE is_active;
-- Serve the list as it is read: a profile's calls, of one label or of all, the surest first.
CREATE INDEX recommendations_list ON recommendations (profile, label, confidence DESC, generated_at DESC) WHERE is_active;
CREATE INDEX recommendations_list_all ON recommendations (profile, confidence DESC, generated_at DESC) WHERE is_active;

CREATE TABLE recommendation_outcomes (
  recommendation_id   uuid PRIMARY KEY REFERENCES recommendations (id),
  exit_ts             timestamptz NOT NULL,
  entry_close         double precision NOT NULL CHECK (entry_close > 0),
  exit_close          double precision NOT NULL CHECK (exit_close > 0),
  realised_return_pct double precision NOT NULL,
  scored_at           timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE recommendation_outcomes IS 'What came of a recommendation, horizon_days bars after its as_of';
