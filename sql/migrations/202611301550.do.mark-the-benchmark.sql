-- A followed instrument can be the benchmark too, so the benchmark is a mark. The purpose `benchmark` is for one that
-- serves nothing else: nobody gets calls for it, and it is not among the stocks that others are compared with.
ALTER TABLE instruments
  ADD COLUMN is_benchmark boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT instruments_purpose_check,
  ADD CONSTRAINT instruments_purpose_check CHECK (purpose IN ('recommended', 'reference', 'both', 'benchmark')),
  ADD CONSTRAINT instruments_benchmark_check CHECK (purpose <> 'benchmark' OR is_benchmark OR NOT is_active);
COMMENT ON COLUMN instruments.purpose IS
  'Whether it gets recommendations, is only compared with others (reference), both, or is only the benchmark of the track record';
COMMENT ON COLUMN instruments.is_benchmark IS 'Whether the track record compares calls with it; at most one instrument';
CREATE UNIQUE INDEX instruments_one_benchmark ON instruments (is_benchmark) WHERE is_benchmark;

CREATE FUNCTION benchmark_instrument() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT id FROM instruments WHERE is_benchmark AND is_active
$$;
COMMENT ON FUNCTION benchmark_instrument IS 'The instrument that the track record compares calls with; null if there is none';
