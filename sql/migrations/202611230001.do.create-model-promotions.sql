CREATE TABLE model_promotions (
  id               uuid PRIMARY KEY DEFAULT uuidv7(),
  model_version_id uuid NOT NULL REFERENCES model_versions (id),
  action           text NOT NULL CHECK (action IN ('register', 'promote', 'rollback')),
  passed           boolean NOT NULL,
  verdict          jsonb NOT NULL CHECK (jsonb_typeof(verdict) = 'array'),
  forced_reason    text CHECK (forced_reason ~ '\S'),
  -- Not now(), which is when the transaction began to wait for its turn.
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT model_promotions_only_promotions_are_forced CHECK (forced_reason IS NULL OR action = 'promote'),
  CONSTRAINT model_promotions_rollback_is_not_judged CHECK (passed OR action <> 'rollback')
);
COMMENT ON TABLE model_promotions IS 'What was done with model versions, in the order of id; rows are added and never changed';
COMMENT ON COLUMN model_promotions.passed IS 'False without forced_reason: the promotion was refused';
COMMENT ON COLUMN model_promotions.verdict IS 'Each check: name, passed, detail';

-- So that it can be rolled back to.
INSERT INTO model_promotions (model_version_id, action, passed, verdict, forced_reason)
SELECT id, 'promote', false, '[]', 'active before promotions were recorded' FROM model_versions WHERE is_active;

GRANT SELECT, INSERT ON model_promotions TO boursomatic_training;
GRANT SELECT ON model_promotions TO boursomatic_pipeline, boursomatic_api;
