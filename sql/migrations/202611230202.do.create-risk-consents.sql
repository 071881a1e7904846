CREATE TABLE risk_consents (
  id           uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id      uuid NOT NULL REFERENCES users (id),
  version      text NOT NULL CHECK (version ~ '^\d{4}-\d\d-\d\d$'),
  text_sha256  text NOT NULL CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
  accepted_at  timestamptz NOT NULL,
  withdrawn_at timestamptz CHECK (withdrawn_at >= accepted_at)
);
COMMENT ON TABLE risk_consents IS 'Who accepted which text when; a withdrawal is noted and nothing is deleted';
CREATE UNIQUE INDEX risk_consents_standing ON risk_consents (user_id, version) WHERE withdrawn_at IS NULL;
-- The history of a user.
CREATE INDEX risk_consents_user_id ON risk_consents (user_id, accepted_at DESC);

GRANT SELECT, INSERT ON risk_consents TO boursomatic_api;
GRANT UPDATE (withdrawn_at) ON risk_consents TO boursomatic_api;
