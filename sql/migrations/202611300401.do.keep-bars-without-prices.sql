-- A quarantined bar may lack the very value for which it is in quarantine.
ALTER TABLE quarantined_bars
  ALTER COLUMN o DROP NOT NULL,
  ALTER COLUMN h DROP NOT NULL,
  ALTER COLUMN l DROP NOT NULL,
  ALTER COLUMN c DROP NOT NULL,
  ALTER COLUMN v DROP NOT NULL;
COMMENT ON TABLE quarantined_bars IS 'Bars that the quality gate doubts; a value that the source lacks is null';
