-- Grants and triggers do not bind the owner. Each publication therefore has a hash that covers its calls and the hash of
-- the publication before, so that a later change shows (docs/adr/0048).

CREATE TABLE publications (
  id             integer PRIMARY KEY CHECK (id > 0),
  as_of          date NOT NULL,
  run_id         text NOT NULL REFERENCES pipeline_runs (id),
  published_at   timestamptz NOT NULL DEFAULT now(),
  release_sha256 text CHECK (release_sha256 ~ '^[0-9a-f]{64}$'),
  calls          integer NOT NULL CHECK (calls > 0),
  previous       text CHECK (previous ~ '^[0-9a-f]{64}$'),
  sha256         text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  CHECK ((id = 1) = (previous IS NULL))
);
COMMENT ON TABLE publications IS 'The calls that one run published, numbered from 1 without gaps and chained by hashes';
COMMENT ON COLUMN publications.release_sha256 IS
  'SHA-256 of the manifest.json of the model''s release, which names the hash of each file; null if Infer did not report it';
COMMENT ON COLUMN publications.sha256 IS 'SHA-256 of the canonical JSON of the publication (RFC 8785), which contains previous';

ALTER TABLE recommendations
  ADD COLUMN publication_id integer REFERENCES publications (id) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON COLUMN recommendations.publication_id IS 'The publication that it belongs to; null for calls from before the chain';
CREATE INDEX recommendations_publication ON recommendations (publication_id) WHERE publication_id IS NOT NULL;
GRANT INSERT (publication_id) ON recommendations TO boursomatic_pipeline;

CREATE TABLE publication_calls (
  recommendation_id uuid PRIMARY KEY REFERENCES recommendations (id),
  symbol            text NOT NULL,
  exchange          text NOT NULL,
  sha256            text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE publication_calls IS 'What a publication says of each call and no other table keeps';
COMMENT ON COLUMN publication_calls.symbol IS 'The symbol and the exchange when the call was published: instruments change theirs';
COMMENT ON COLUMN publication_calls.sha256 IS 'SHA-256 of the call''s canonical JSON, so that a check names the changed row';

CREATE TABLE publication_copies (
  publication_id integer PRIMARY KEY REFERENCES publications (id),
  copied_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE publication_copies IS 'Publications whose bytes are in the store of copies';

GRANT SELECT ON publications, publication_calls, publication_copies TO boursomatic_pipeline, boursomatic_api;
-- Without published_at and copied_at, which are the database's clock.
GRANT INSERT (id, as_of, run_id, release_sha256, calls, previous, sha256) ON publications TO boursomatic_pipeline;
GRANT INSERT (recommendation_id, symbol, exchange, sha256) ON publication_calls TO boursomatic_pipeline;
GRANT INSERT (publication_id) ON publication_copies TO boursomatic_pipeline;

CREATE TRIGGER publications_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON publications
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('the next publication contains its hash', 'Publish again.');
CREATE TRIGGER publication_calls_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_calls
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('the hash of the publication covers it', 'Publish a new call.');
CREATE TRIGGER publication_copies_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_copies
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('copies are never removed', 'Leave the row.');

DROP TRIGGER recommendations_published ON recommendations;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id, kind, close, atr, currency,
    publication_id
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');

CREATE FUNCTION check_call_is_chained() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  next integer := coalesce((SELECT max(id) FROM publications), 0) + 1;
BEGIN
  IF EXISTS (SELECT FROM inserted WHERE publication_id <> next) THEN
    RAISE EXCEPTION 'INSERT of recommendations is refused: new calls belong to publication %', next
      USING ERRCODE = 'insufficient_privilege', HINT = 'A publication takes no calls once its row is stored.';
  END IF;
  -- The owner stores calls from before the chain.
  IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    AND EXISTS (SELECT FROM inserted WHERE publication_id IS NULL) THEN
    RAISE EXCEPTION 'INSERT of recommendations is refused: a call needs a publication'
      USING ERRCODE = 'insufficient_privilege', HINT = 'Set publication_id.';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_call_is_chained() IS 'Refuses calls outside the next publication';
CREATE TRIGGER recommendations_chained AFTER INSERT ON recommendations REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION check_call_is_chained();

CREATE FUNCTION check_publication_call_is_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM inserted i JOIN recommendations r ON r.id = i.recommendation_id
    LEFT JOIN publications p ON p.id = r.publication_id
    WHERE r.publication_id IS NULL OR p.id IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'INSERT of publication_calls is refused: the publication of the call is complete, or there is none'
      USING ERRCODE = 'insufficient_privilege', HINT = 'Insert it before the row of the publication.';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_publication_call_is_open() IS 'Refuses hashes of calls whose publication is stored';
CREATE TRIGGER publication_calls_open AFTER INSERT ON publication_calls REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION check_publication_call_is_open();

CREATE FUNCTION check_publication_is_next() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  last publications;
  hashed integer;
BEGIN
  SELECT * INTO last FROM publications ORDER BY id DESC LIMIT 1;
  IF NEW.id <> coalesce(last.id, 0) + 1 OR NEW.previous IS DISTINCT FROM last.sha256 THEN
    RAISE EXCEPTION 'INSERT of publications is refused: the next one is % after %', coalesce(last.id, 0) + 1,
        coalesce(last.sha256, 'none')
      USING ERRCODE = 'insufficient_privilege', HINT = 'Take the lock, and read the last publication again.';
  END IF;
  SELECT count(c.sha256) INTO hashed
  FROM recommendations r LEFT JOIN publication_calls c ON c.recommendation_id = r.id
  WHERE r.publication_id = NEW.id AND r.run_id = NEW.run_id;
  IF NEW.calls <> hashed OR NEW.calls <> (SELECT count(*) FROM recommendations WHERE publication_id = NEW.id) THEN
    RAISE EXCEPTION 'INSERT of publications is refused: not every call of publication % has its hash and its run', NEW.id
      USING ERRCODE = 'insufficient_privilege', HINT = 'Insert publication_calls first.';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION check_publication_is_next() IS 'Refuses a publication that does not continue the chain';
CREATE TRIGGER publications_next BEFORE INSERT ON publications
  FOR EACH ROW EXECUTE FUNCTION check_publication_is_next();
