-- The version of a bar that was seen first, once a later one has taken its place: at most one row a bar, however
-- often its source restates it, so that the table never outgrows price_bars. It is read by instrument, and never
-- as a whole, so that partitions would only add tables.
CREATE TABLE bar_revisions (
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  ts            timestamptz NOT NULL,
  interval      text NOT NULL CHECK (interval IN ('daily', '15m')),
  o             double precision NOT NULL,
  h             double precision NOT NULL,
  l             double precision NOT NULL,
  c             double precision NOT NULL,
  v             double precision NOT NULL,
  source        text,
  first_seen_at timestamptz NOT NULL,
  replaced_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instrument_id, ts, interval)
);
COMMENT ON TABLE bar_revisions IS 'Bars as they were seen first, where price_bars has another version of them now, or none';
COMMENT ON COLUMN bar_revisions.source IS 'Null for bars that were stored before sources were recorded';
COMMENT ON COLUMN bar_revisions.first_seen_at IS 'When this version was stored';

GRANT SELECT, INSERT ON bar_revisions TO boursomatic_pipeline;
GRANT SELECT ON bar_revisions TO boursomatic_api, boursomatic_training;
-- A restated history may lack bars that the old one had, and those are on another basis.
GRANT DELETE ON price_bars, features TO boursomatic_pipeline;
