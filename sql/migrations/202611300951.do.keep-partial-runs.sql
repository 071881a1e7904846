-- A run that published what is sound, although many of its instruments failed, is partial.
ALTER TABLE pipeline_runs DROP CONSTRAINT pipeline_runs_status_check;
ALTER TABLE pipeline_runs ADD CONSTRAINT pipeline_runs_status_check
  CHECK (status IN ('running', 'succeeded', 'partial', 'failed'));
