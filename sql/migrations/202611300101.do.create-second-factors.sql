-- A login confirms who the user is, and so does a later confirmation in the same session.
ALTER TABLE sessions ADD COLUMN confirmed_at timestamptz;
UPDATE sessions SET confirmed_at = started_at;
ALTER TABLE sessions ALTER COLUMN confirmed_at SET NOT NULL;

CREATE TABLE second_factors (
  user_id          uuid PRIMARY KEY REFERENCES users (id),
  encrypted_secret text NOT NULL CHECK (encrypted_secret LIKE 'eyJ%'),
  created_at       timestamptz NOT NULL,
  activated_at     timestamptz,
  last_step        bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE second_factors IS 'The authenticator app of a user; login requires its codes once activated_at is set';
COMMENT ON COLUMN second_factors.encrypted_secret IS 'A JWE (A256GCM); the key is in the secret of the signing keys';
COMMENT ON COLUMN second_factors.last_step IS 'The 30-second step of the last accepted code, so that no code is accepted twice';

CREATE TABLE recovery_codes (
  user_id    uuid NOT NULL REFERENCES users (id),
  code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
  created_at timestamptz NOT NULL,
  used_at    timestamptz,
  PRIMARY KEY (user_id, code_hash)
);
COMMENT ON TABLE recovery_codes IS 'SHA-256 of the codes that replace the authenticator app; each works once';

ALTER TABLE login_attempts DROP CONSTRAINT login_attempts_kind_check;
ALTER TABLE login_attempts ADD CONSTRAINT login_attempts_kind_check
  CHECK (kind IN ('pair', 'address', 'account', 'registration', 'code'));

GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes TO boursomatic_api;
