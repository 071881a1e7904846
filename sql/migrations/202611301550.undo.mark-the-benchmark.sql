DROP FUNCTION benchmark_instrument();
DROP INDEX instruments_one_benchmark;
ALTER TABLE instruments DROP CONSTRAINT instruments_benchmark_check;
UPDATE instruments SET purpose = 'reference', is_active = false WHERE purpose = 'benchmark';
ALTER TABLE instruments
  DROP COLUMN is_benchmark,
  DROP CONSTRAINT instruments_purpose_check,
  ADD CONSTRAINT instruments_purpose_check CHECK (purpose IN ('recommended', 'reference', 'both'));
COMMENT ON COLUMN instruments.purpose IS 'Whether it gets recommendations, is only compared with others (reference), or both';
