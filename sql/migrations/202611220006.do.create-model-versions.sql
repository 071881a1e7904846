CREATE TABLE model_versions (
  id           uuid PRIMARY KEY DEFAULT uuidv7(),
  version      text NOT NULL UNIQUE CHECK (version ~ '^v[0-9]+\.[0-9]+\.[0-9]+$'),
  trained_at   timestamptz NOT NULL,
  params_hash  text NOT NULL,
  metrics_json jsonb NOT NULL CHECK (jsonb_typeof(metrics_json) = 'object'),
  model_path   text NOT NULL,
  is_active    boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX model_versions_one_active ON model_versions (is_active) WHERE is_active;
