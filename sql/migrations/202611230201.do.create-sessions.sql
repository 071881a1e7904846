CREATE TABLE sessions (
  id           uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id      uuid NOT NULL REFERENCES users (id),
  started_at   timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL CHECK (expires_at > started_at),
  ended_at     timestamptz,
  end_reason   text CHECK (end_reason IN
                 ('logout', 'logout-everywhere', 'ended-elsewhere', 'password-changed', 'token-reused', 'user-deleted')),
  user_agent   text CHECK (length(user_agent) <= 200),
  CONSTRAINT sessions_end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
COMMENT ON TABLE sessions IS 'What a login began; access tokens name their session, so that an end counts at once';
CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  rotated_at timestamptz
);
COMMENT ON TABLE refresh_tokens IS 'SHA-256 of every refresh token of a session; those that were rotated are kept to notice their reuse';
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
-- A session is a chain of tokens and never a tree.
CREATE UNIQUE INDEX refresh_tokens_one_current ON refresh_tokens (session_id) WHERE rotated_at IS NULL;

-- Whoever deletes a user ends the sessions, and taking the deletion back does not bring them to life again.
CREATE FUNCTION end_sessions_of_deleted_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sessions SET ended_at = clock_timestamp(), end_reason = 'user-deleted'
  WHERE user_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER users_deleted AFTER UPDATE OF is_deleted ON users
  FOR EACH ROW WHEN (NEW.is_deleted AND NOT OLD.is_deleted) EXECUTE FUNCTION end_sessions_of_deleted_user();

-- Old ones are deleted, with their tokens; nothing else of a user ever is.
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE ON refresh_tokens TO boursomatic_api;
