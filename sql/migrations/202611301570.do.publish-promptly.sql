-- now() is the beginning of a transaction. Without a limit, the pipeline could begin one, wait for the prices of three
-- weeks, and then publish calls as of its beginning.

CREATE FUNCTION check_publication_is_prompt() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF clock_timestamp() - transaction_timestamp() > interval '1 hour' THEN
    RAISE EXCEPTION 'INSERT of publications is refused: its transaction began more than an hour ago'
      USING ERRCODE = 'insufficient_privilege', HINT = 'Publish again.';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_publication_is_prompt() IS 'Refuses a publication whose published_at is long past';
-- Deferred to the commit, so that it also covers what comes after the row.
CREATE CONSTRAINT TRIGGER publications_prompt AFTER INSERT ON publications DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_publication_is_prompt();
