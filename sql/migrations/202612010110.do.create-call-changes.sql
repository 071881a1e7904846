-- What a publication changed for a person who follows a stock. Publish adds the rows in its own transaction.
CREATE TABLE call_changes (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instrument_id     uuid NOT NULL REFERENCES instruments (id),
  profile           text NOT NULL CHECK (profile IN ('conservative', 'moderate', 'aggressive')),
  kind              text NOT NULL CHECK (kind IN ('label', 'stop', 'target', 'withheld', 'new', 'back')),
  from_label        text CHECK (from_label IN ('BUY', 'HOLD', 'SELL')),
  to_label          text CHECK (to_label IN ('BUY', 'HOLD', 'SELL')),
  recommendation_id uuid NOT NULL REFERENCES recommendations (id),
  previous_id       uuid REFERENCES recommendations (id),
  publication_id    integer REFERENCES publications (id),
  as_of             timestamptz NOT NULL,
  -- To the millisecond, so that a client can send it back exactly. The statement begins after the lock of Publish is
  -- held, so that later rows have later times.
  occurred_at       timestamptz NOT NULL DEFAULT date_trunc('milliseconds', statement_timestamp()),
  detail            jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
  UNIQUE (recommendation_id, kind),
  CONSTRAINT call_changes_from CHECK ((from_label IS NULL) = (kind = 'new')),
  CONSTRAINT call_changes_to CHECK ((to_label IS NULL) = (kind IN ('stop', 'target', 'withheld'))),
  CONSTRAINT call_changes_differ CHECK (kind <> 'label' OR from_label <> to_label),
  CONSTRAINT call_changes_previous CHECK ((previous_id IS NULL) = (kind NOT IN ('label', 'back')))
);
COMMENT ON TABLE call_changes IS 'What changed about the calls for a stock and a profile, as each run published it';
COMMENT ON COLUMN call_changes.kind IS
  'label: another label than the call before. new: the first call. withheld: the API withholds the call. back: a call again after that. stop and target: a bar reached the level of the call';
COMMENT ON COLUMN call_changes.recommendation_id IS
  'The new call of label, new and back; the withheld call; the call whose level a bar reached';
COMMENT ON COLUMN call_changes.previous_id IS 'The call before that of label and back';
COMMENT ON COLUMN call_changes.publication_id IS 'The calls that the run published with it; null if it published none';
COMMENT ON COLUMN call_changes.as_of IS 'The day of the call of label, new and back; the day of the bar that reached a level; the as-of of the run that could not renew a call';
COMMENT ON COLUMN call_changes.occurred_at IS 'When it was published, by the clock of the database';
COMMENT ON COLUMN call_changes.detail IS
  'stop and target: level and price, in the units of the published close. withheld: reason, too_old or not_covered';

-- Of its stop and its target, a call reaches the first one only.
CREATE UNIQUE INDEX call_changes_one_level ON call_changes (recommendation_id) WHERE kind IN ('stop', 'target');
CREATE INDEX call_changes_list ON call_changes (profile, occurred_at, id);

GRANT SELECT ON call_changes TO boursomatic_pipeline, boursomatic_api;
-- Without id and occurred_at.
GRANT INSERT (instrument_id, profile, kind, from_label, to_label, recommendation_id, previous_id, publication_id, as_of,
  detail) ON call_changes TO boursomatic_pipeline;
CREATE TRIGGER call_changes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON call_changes
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('changes are a log', 'Publish a new call.');

ALTER TABLE user_settings ADD COLUMN changes_seen_at timestamptz;
COMMENT ON COLUMN user_settings.changes_seen_at IS
  'The user has seen the changes of calls up to this time; null if never, and then those since the registration are unseen';
