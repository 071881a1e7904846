CREATE TABLE login_attempts (
  kind            text NOT NULL CHECK (kind IN ('pair', 'address', 'account', 'registration')),
  key_hash        bytea NOT NULL CHECK (length(key_hash) = 32),
  failures        integer NOT NULL CHECK (failures >= 0),
  last_attempt_at timestamptz NOT NULL,
  blocked_until   timestamptz NOT NULL,
  succeeded_at    timestamptz,
  forget_at       timestamptz NOT NULL,
  PRIMARY KEY (kind, key_hash)
);
COMMENT ON TABLE login_attempts IS 'How often a login failed of late, by account and address, by address, and by account';
COMMENT ON COLUMN login_attempts.key_hash IS 'SHA-256 of the e-mail and the address: whose they are need not be known';
COMMENT ON COLUMN login_attempts.failures IS 'Attempts are counted before the password is looked at, and taken off again if it was right';
CREATE INDEX login_attempts_forget_at ON login_attempts (forget_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON login_attempts TO boursomatic_api;
