CREATE OR REPLACE FUNCTION expire_personal_data(OUT erased_accounts integer, OUT expired_events integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  expired uuid[];
BEGIN
  DELETE FROM security_events WHERE occurred_at < now() - interval '400 days';
  GET DIAGNOSTICS expired_events = ROW_COUNT;

  SELECT coalesce(array_agg(id), '{}') INTO expired FROM (
    SELECT id FROM users
    WHERE is_deleted AND NOT is_erased AND deleted_at <= now() - interval '30 days'
    ORDER BY id FOR UPDATE SKIP LOCKED
  ) AS due;
  DELETE FROM sessions WHERE user_id = ANY (expired);
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
DROP TRIGGER users_deleted_revoke_api_keys ON users;
DROP FUNCTION revoke_api_keys_of_deleted_user();
DROP TABLE api_keys;
