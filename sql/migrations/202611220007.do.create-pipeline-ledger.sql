CREATE TABLE pipeline_runs (
  id               text PRIMARY KEY,
  status           text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed')),
  mode             text CHECK (mode IN ('daily', 'intraday', 'backfill')),
  input            jsonb NOT NULL,
  provider         text,
  as_of            date,
  instruments      integer NOT NULL DEFAULT 0,
  bars             integer NOT NULL DEFAULT 0,
  features         integer NOT NULL DEFAULT 0,
  recommendations  integer NOT NULL DEFAULT 0,
  model_version_id uuid REFERENCES model_versions (id),
  error            text,
  started_at       timestamptz NOT NULL DEFAULT now(),
  finished_at      timestamptz
);
COMMENT ON TABLE pipeline_runs IS 'One row an execution of the state machine; id is the execution''s name, counts are rows written';
CREATE INDEX pipeline_runs_started_at ON pipeline_runs (started_at DESC);

CREATE TABLE pipeline_failures (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  run_id        text NOT NULL REFERENCES pipeline_runs (id),
  instrument_id uuid REFERENCES instruments (id),
  symbol        text NOT NULL,
  step          text NOT NULL CHECK (step IN ('plan', 'fetch', 'load', 'features', 'infer')),
  reason_code   text NOT NULL CHECK (reason_code ~ '^[a-z_]+$'),
  message       text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (run_id, symbol, step)
);
