ALTER TABLE pipeline_runs ADD COLUMN batches jsonb NOT NULL DEFAULT '[]'
  CONSTRAINT pipeline_runs_batches CHECK (jsonb_typeof(batches) = 'array');
COMMENT ON COLUMN pipeline_runs.batches IS 'What was asked for, as first day and symbols of each batch: where a replay finds the raw records';
