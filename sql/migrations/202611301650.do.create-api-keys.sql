-- Programs read with a key instead of a session.
CREATE TABLE api_keys (
  id           uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id      uuid NOT NULL REFERENCES users (id),
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  key_hash     bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  ending       text NOT NULL CHECK (ending ~ '^[0-9A-Za-z]{4}$'),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  CONSTRAINT api_keys_expire_within_a_year
    CHECK (expires_at > created_at AND expires_at - created_at <= interval '366 days')
);
COMMENT ON TABLE api_keys IS 'Keys with which programs of a user read; each is stored as a hash';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key, which has 256 random bits';
COMMENT ON COLUMN api_keys.ending IS 'The last four characters of the key, by which its owner recognises it';
COMMENT ON COLUMN api_keys.last_used_at IS 'To the minute: the time of a use at least a minute after the one before';
CREATE INDEX api_keys_user_id ON api_keys (user_id);

GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at) ON api_keys TO boursomatic_api;

-- A deletion revokes the keys, and restoring the user does not bring them back.
CREATE FUNCTION revoke_api_keys_of_deleted_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE api_keys SET revoked_at = clock_timestamp() WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER users_deleted_revoke_api_keys AFTER UPDATE OF is_deleted ON users
  FOR EACH ROW WHEN (NEW.is_deleted AND NOT OLD.is_deleted) EXECUTE FUNCTION revoke_api_keys_of_deleted_user();

-- Also deletes the keys of expired accounts, and all keys that ended 400 days ago, as long as their events are stored.
CREATE OR REPLACE FUNCTION expire_personal_data(OUT erased_accounts integer, OUT expired_events integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  expired uuid[];
BEGIN
  DELETE FROM security_events WHERE occurred_at < now() - interval '400 days';
  GET DIAGNOSTICS expired_events = ROW_COUNT;
  DELETE FROM api_keys WHERE least(revoked_at, expires_at) < now() - interval '400 days';

  SELECT coalesce(array_agg(id), '{}') INTO expired FROM (
    SELECT id FROM users
    WHERE is_deleted AND NOT is_erased AND deleted_at <= now() - interval '30 days'
    ORDER BY id FOR UPDATE SKIP LOCKED
  ) AS due;
  DELETE FROM sessions WHERE user_id = ANY (expired);
  DELETE FROM api_keys WHERE user_id = ANY (expired);
  DELETE FROM user_settings WHERE user_id = ANY (expired);
  DELETE FROM second_factors WHERE user_id = ANY (expired);
  DELETE FROM recovery_codes WHERE user_id = ANY (expired);
  -- An event's address is that of the acting administrator, if there is one.
  UPDATE security_events SET network_address = NULL, user_agent = NULL
  WHERE (user_id = ANY (expired) AND actor_id IS NULL) OR actor_id = ANY (expired);
  INSERT INTO security_events (occurred_at, type, user_id)
  SELECT now(), 'account-erased', id FROM unnest(expired) AS id;
  UPDATE users
  SET email = NULL, password_hash = NULL, is_admin = false, notices_seen_at = NULL, is_erased = true
  WHERE id = ANY (expired);
  erased_accounts := cardinality(expired);
END $$;
