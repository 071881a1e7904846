-- Features are stored in single precision because that is what the model reads: what training saw and what
-- inference sees are then the same bits.
CREATE TABLE features (
  id                  uuid NOT NULL DEFAULT uuidv7(),
  instrument_id       uuid NOT NULL REFERENCES instruments (id),
  ts                  timestamptz NOT NULL,
  ret_1d              real,
  ret_5d              real,
  ret_20d             real,
  rsi_14              real CHECK (rsi_14 BETWEEN 0 AND 100),
  momentum_5d         real,
  vol_20d             real CHECK (vol_20d >= 0),
  atr_14              real CHECK (atr_14 >= 0),
  volume_zscore       real,
  additional_features jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(additional_features) = 'object'),
  created_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, ts),
  UNIQUE (instrument_id, ts)
) PARTITION BY RANGE (ts);
COMMENT ON TABLE features IS 'Defined in functions/features/definitions.ts; null where the history is too short';
CREATE INDEX features_ts ON features (ts);

-- Load marks the first bar that it changed, in the transaction that changes it; Features recomputes from
-- there and clears the mark in the transaction that writes. Neither a crash between the two nor two runs at
-- once can lose work.
CREATE TABLE feature_backlog (
  instrument_id uuid PRIMARY KEY REFERENCES instruments (id),
  dirty_from    timestamptz NOT NULL
);
