ALTER TABLE users ADD COLUMN password_expires_at timestamptz;
COMMENT ON COLUMN users.password_expires_at IS 'When a one-time password, which the first login must replace, expires; null if the user chose the password';
GRANT UPDATE (password_expires_at) ON users TO boursomatic_api;

ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN
  ('logout', 'logout-everywhere', 'ended-elsewhere', 'password-changed', 'password-reset', 'token-reused', 'user-deleted'));
