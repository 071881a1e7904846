ALTER TABLE pipeline_runs ADD COLUMN expiry_error text;
COMMENT ON COLUMN pipeline_runs.expiry_error IS 'Why the run could not erase expired personal data; null if it could. The next run tries again';
