UPDATE sessions SET end_reason = 'password-changed' WHERE end_reason = 'password-reset';
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN
  ('logout', 'logout-everywhere', 'ended-elsewhere', 'password-changed', 'token-reused', 'user-deleted'));
ALTER TABLE users DROP COLUMN password_expires_at;
