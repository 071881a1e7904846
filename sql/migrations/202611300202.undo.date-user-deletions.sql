REVOKE UPDATE (password_hash, is_admin, is_deleted, notices_seen_at) ON users FROM boursomatic_api;
GRANT UPDATE ON users TO boursomatic_api;
DROP TRIGGER users_deletion_dated ON users;
DROP FUNCTION date_user_deletion();
ALTER TABLE users
  DROP CONSTRAINT users_only_erased_lack_credentials,
  DROP CONSTRAINT users_erased_is_final,
  DROP CONSTRAINT users_deletion_has_time;
-- The columns allow no null again. No one can register an address without a dot after the @.
UPDATE users SET email = id || '@invalid', password_hash = 'erased' WHERE is_erased;
ALTER TABLE users
  ALTER COLUMN email SET NOT NULL,
  ALTER COLUMN password_hash SET NOT NULL,
  DROP COLUMN notices_seen_at,
  DROP COLUMN is_erased,
  DROP COLUMN deleted_at;
