ALTER TABLE quarantined_bars DROP COLUMN fetched_at;
COMMENT ON COLUMN quarantined_bars.run_id IS 'The run that met it first';
