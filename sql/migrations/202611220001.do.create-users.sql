CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE TABLE users (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  email         text NOT NULL UNIQUE CHECK (email = lower(email) AND position('@' IN email) > 1),
  password_hash text NOT NULL,
  is_admin      boolean NOT NULL DEFAULT false,
  is_deleted    boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN users.is_deleted IS 'Soft delete: the row stays for the audit trail';

CREATE TABLE user_settings (
  id                       uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id                  uuid NOT NULL UNIQUE REFERENCES users (id),
  risk_consent_accepted    boolean NOT NULL DEFAULT false,
  risk_consent_accepted_at timestamptz,
  preferred_profile        text NOT NULL DEFAULT 'conservative'
                           CHECK (preferred_profile IN ('conservative', 'moderate', 'aggressive')),
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_settings_consent_has_time CHECK (NOT risk_consent_accepted OR risk_consent_accepted_at IS NOT NULL)
);
CREATE TRIGGER user_settings_updated_at BEFORE UPDATE ON user_settings
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
