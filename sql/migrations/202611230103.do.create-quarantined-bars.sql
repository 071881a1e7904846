-- Bars that are well formed and hard to believe: kept with the reason, and read by nothing that computes.
CREATE TABLE quarantined_bars (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  ts            timestamptz NOT NULL,
  interval      text NOT NULL CHECK (interval IN ('daily', '15m')),
  o             double precision NOT NULL,
  h             double precision NOT NULL,
  l             double precision NOT NULL,
  c             double precision NOT NULL,
  v             double precision NOT NULL,
  source        text NOT NULL,
  run_id        text NOT NULL REFERENCES pipeline_runs (id),
  reason        text NOT NULL CHECK (reason ~ '^[a-z_]+$'),
  message       text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  resolved_at   timestamptz,
  UNIQUE (instrument_id, ts, interval, reason)
);
COMMENT ON COLUMN quarantined_bars.run_id IS 'The run that met it first';
COMMENT ON COLUMN quarantined_bars.resolved_at IS 'When a later load stored the bar of this instant as good';

GRANT SELECT, INSERT, UPDATE ON quarantined_bars TO boursomatic_pipeline;
GRANT SELECT ON quarantined_bars TO boursomatic_api;
