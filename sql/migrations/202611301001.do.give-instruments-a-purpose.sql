-- A model ranks each stock among others. A universe of reference stocks makes the ranks of a short list mean what they
-- meant in training; nobody is shown calls for them.
ALTER TABLE instruments ADD COLUMN purpose text NOT NULL DEFAULT 'recommended'
  CONSTRAINT instruments_purpose_check CHECK (purpose IN ('recommended', 'reference', 'both'));
COMMENT ON COLUMN instruments.purpose IS 'Whether it gets recommendations, is only compared with others (reference), or both';
GRANT INSERT (purpose), UPDATE (purpose) ON instruments TO boursomatic_api;
