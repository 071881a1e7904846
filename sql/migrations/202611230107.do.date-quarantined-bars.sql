-- Whether a bar in quarantine is worth asking for again depends on who was asked since.
ALTER TABLE quarantined_bars ADD COLUMN fetched_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE quarantined_bars ALTER COLUMN fetched_at DROP DEFAULT;
COMMENT ON COLUMN quarantined_bars.fetched_at IS 'When the source was asked';
COMMENT ON COLUMN quarantined_bars.run_id IS 'The run that met it first, or again after it had turned out good';
