-- A deleted user can be restored for 30 days. Then the row keeps only the id, the times and the consents.
ALTER TABLE users
  ADD COLUMN deleted_at timestamptz,
  ADD COLUMN is_erased boolean NOT NULL DEFAULT false,
  ADD COLUMN notices_seen_at timestamptz,
  ALTER COLUMN email DROP NOT NULL,
  ALTER COLUMN password_hash DROP NOT NULL;
-- The time of earlier deletions is unknown, so their 30 days begin now.
UPDATE users SET deleted_at = now() WHERE is_deleted;
ALTER TABLE users
  ADD CONSTRAINT users_deletion_has_time CHECK (is_deleted = (deleted_at IS NOT NULL)),
  ADD CONSTRAINT users_erased_is_final CHECK (NOT is_erased OR (is_deleted AND NOT is_admin AND notices_seen_at IS NULL)),
  ADD CONSTRAINT users_only_erased_lack_credentials
    CHECK (is_erased = (email IS NULL) AND is_erased = (password_hash IS NULL));
COMMENT ON COLUMN users.is_erased IS 'The personal data is erased; the id stays as a pseudonym for consents and events';
COMMENT ON COLUMN users.notices_seen_at IS 'The user has seen the notices of security events up to this time';
CREATE INDEX users_to_erase ON users (deleted_at) WHERE is_deleted AND NOT is_erased;

CREATE FUNCTION date_user_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.is_deleted THEN
    NEW.deleted_at := NULL;
  ELSIF TG_OP = 'INSERT' OR NOT OLD.is_deleted THEN
    NEW.deleted_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER users_deletion_dated BEFORE INSERT OR UPDATE OF is_deleted ON users
  FOR EACH ROW EXECUTE FUNCTION date_user_deletion();

-- The API may not move a deletion in time, nor erase.
REVOKE UPDATE ON users FROM boursomatic_api;
GRANT UPDATE (password_hash, is_admin, is_deleted, notices_seen_at) ON users TO boursomatic_api;
