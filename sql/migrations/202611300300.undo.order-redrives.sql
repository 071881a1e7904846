ALTER TABLE pipeline_runs DROP COLUMN redriven_at;
