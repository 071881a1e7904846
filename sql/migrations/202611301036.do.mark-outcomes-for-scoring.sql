-- Instruments whose earlier bars changed since their calls were scored, and from which bar on. Score reads the calls of
-- the last year that have no outcome, and all calls of these instruments.
CREATE TABLE outcome_backlog (
  instrument_id uuid PRIMARY KEY REFERENCES instruments (id),
  changed_from timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON outcome_backlog TO boursomatic_pipeline;

INSERT INTO outcome_backlog (instrument_id, changed_from)
SELECT instrument_id, min(as_of) FROM recommendations GROUP BY instrument_id;
