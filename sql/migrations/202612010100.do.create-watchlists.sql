-- Users follow instruments.
CREATE TABLE watchlist_entries (
  user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  note          text CHECK (length(note) BETWEEN 1 AND 200 AND note !~ '[[:cntrl:]\u2028\u2029]'),
  followed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, instrument_id)
);
COMMENT ON TABLE watchlist_entries IS 'The instruments that each user follows';
COMMENT ON COLUMN watchlist_entries.note IS 'One line by the user';
-- Finds the followers of an instrument.
CREATE INDEX watchlist_entries_instrument_id ON watchlist_entries (instrument_id);

GRANT SELECT, INSERT, DELETE, UPDATE (note) ON watchlist_entries TO boursomatic_api;

-- Instruments that users added by following them. The installation limits their number.
CREATE TABLE added_instruments (
  instrument_id uuid PRIMARY KEY REFERENCES instruments (id),
  added_by      uuid REFERENCES users (id) ON DELETE SET NULL,
  added_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE added_instruments IS 'Instruments that users added by following them';
COMMENT ON COLUMN added_instruments.added_by IS 'Null after the account was erased';

GRANT SELECT, INSERT ON added_instruments TO boursomatic_api;

-- A trigger instead of a new version of expire_personal_data(), which erases the account in the same transaction.
CREATE FUNCTION erase_watchlist_of_erased_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM watchlist_entries WHERE user_id = NEW.id;
  UPDATE added_instruments SET added_by = NULL WHERE added_by = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER users_erased_erase_watchlist AFTER UPDATE OF is_erased ON users
  FOR EACH ROW WHEN (NEW.is_erased AND NOT OLD.is_erased) EXECUTE FUNCTION erase_watchlist_of_erased_user();
