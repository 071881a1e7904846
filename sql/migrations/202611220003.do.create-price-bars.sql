-- A year a partition, and within it a list by interval, so that 15-minute bars can roll off by dropping a
-- month's partition without touching the daily history. A partitioned table's keys must hold its partition
-- keys, hence the three-column primary key.
CREATE TABLE price_bars (
  id            uuid NOT NULL DEFAULT uuidv7(),
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  ts            timestamptz NOT NULL,
  o             double precision NOT NULL,
  h             double precision NOT NULL,
  l             double precision NOT NULL,
  c             double precision NOT NULL,
  v             double precision NOT NULL,
  interval      text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, ts, interval),
  UNIQUE (instrument_id, ts, interval),
  CONSTRAINT price_bars_interval CHECK (interval IN ('daily', '15m')),
  CONSTRAINT price_bars_ohlc CHECK (l > 0 AND l <= o AND l <= c AND h >= o AND h >= c AND h < 'Infinity'),
  CONSTRAINT price_bars_volume CHECK (v >= 0 AND v < 'Infinity'),
  CONSTRAINT price_bars_daily_at_midnight_utc CHECK (interval <> 'daily' OR date_trunc('day', ts, 'UTC') = ts)
) PARTITION BY RANGE (ts);
COMMENT ON TABLE price_bars IS 'Bars adjusted for splits and dividends; a daily bar''s ts is midnight UTC of its trading day';
-- The day's cross-section, and the newest day there is.
CREATE INDEX price_bars_ts ON price_bars (ts);
