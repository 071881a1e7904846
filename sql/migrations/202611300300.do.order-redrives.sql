-- Events about an execution may arrive late, twice or in another order. The start of the latest redrive tells which
-- attempt of the execution a row describes, so that an event of an earlier attempt changes nothing.
ALTER TABLE pipeline_runs ADD COLUMN redriven_at timestamptz;
COMMENT ON COLUMN pipeline_runs.redriven_at IS 'When the execution was last redriven; null for the first attempt';
