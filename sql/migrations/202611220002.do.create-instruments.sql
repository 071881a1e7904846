CREATE TABLE instruments (
  id                uuid PRIMARY KEY DEFAULT uuidv7(),
  symbol            text NOT NULL CHECK (symbol ~ '^[A-Z0-9^][A-Z0-9.^=-]{0,14}$'),
  exchange          text NOT NULL DEFAULT 'UNKNOWN',
  name              text,
  sector            text,
  market_cap_bucket text CHECK (market_cap_bucket IN ('small', 'mid', 'large')),
  pe_bucket         text CHECK (pe_bucket IN ('low', 'medium', 'high')),
  is_active         boolean NOT NULL DEFAULT true,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  UNIQUE (symbol, exchange)
);
COMMENT ON COLUMN instruments.is_active IS 'Soft delete: inactive instruments keep their history and are not planned';
-- Steps name instruments by symbol, so among the active ones a symbol means one instrument.
CREATE UNIQUE INDEX instruments_one_active_per_symbol ON instruments (symbol) WHERE is_active;
CREATE TRIGGER instruments_updated_at BEFORE UPDATE ON instruments
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
