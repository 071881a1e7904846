ALTER TABLE pipeline_runs
  ADD COLUMN erased_accounts integer NOT NULL DEFAULT 0 CHECK (erased_accounts >= 0),
  ADD COLUMN expired_events integer NOT NULL DEFAULT 0 CHECK (expired_events >= 0);
COMMENT ON COLUMN pipeline_runs.erased_accounts IS 'Accounts whose personal data the run erased';
COMMENT ON COLUMN pipeline_runs.expired_events IS 'Security events that the run deleted after their retention';

-- Erases the personal data of accounts that were deleted 30 days ago, and deletes security events after 400 days. It
-- runs as the owner, because the pipeline's role may not read users. It takes no time as an argument, so that the
-- pipeline's role cannot erase earlier. A user whose row is locked waits for the next run.
CREATE FUNCTION expire_personal_data(OUT erased_accounts integer, OUT expired_events integer)
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
REVOKE ALL ON FUNCTION expire_personal_data() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_personal_data() TO boursomatic_pipeline;
