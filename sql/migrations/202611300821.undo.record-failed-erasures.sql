ALTER TABLE pipeline_runs DROP COLUMN expiry_error;
