-- Whose a bar is: with several sources, two that have it differently are both right, within their noise.
ALTER TABLE price_bars ADD COLUMN source text;
COMMENT ON COLUMN price_bars.source IS 'Null for bars that were stored before sources were recorded';

-- When an instrument's bars were asked for, and of whom: a row an instrument and run.
CREATE TABLE instrument_fetches (
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  interval      text NOT NULL CHECK (interval IN ('daily', '15m')),
  run_id        text NOT NULL REFERENCES pipeline_runs (id),
  source        text NOT NULL,
  fetched_at    timestamptz NOT NULL,
  asked_from    date NOT NULL,
  first_ts      timestamptz,
  last_ts       timestamptz,
  notes         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(notes) = 'array'),
  PRIMARY KEY (instrument_id, interval, run_id),
  CONSTRAINT instrument_fetches_span CHECK ((first_ts IS NULL) = (last_ts IS NULL) AND first_ts <= last_ts)
);
COMMENT ON COLUMN instrument_fetches.asked_from IS 'The first day that was asked for: if bars begin much later, that is where the source''s history begins';
COMMENT ON COLUMN instrument_fetches.first_ts IS 'The first bar that was accepted; null if none was';
COMMENT ON COLUMN instrument_fetches.notes IS 'What was odd about the bars: reason and message of each';
CREATE INDEX instrument_fetches_latest ON instrument_fetches (instrument_id, interval, fetched_at DESC);

GRANT SELECT, INSERT, UPDATE ON instrument_fetches TO boursomatic_pipeline;
GRANT SELECT ON instrument_fetches TO boursomatic_api;
