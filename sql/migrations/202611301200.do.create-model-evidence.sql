-- What the gate measured on a release, so that a promotion need not measure again.
CREATE TABLE model_evidence (
  model_version_id  uuid PRIMARY KEY REFERENCES model_versions (id),
  manifest          jsonb NOT NULL CHECK (jsonb_typeof(manifest) = 'object'),
  active_version_id uuid REFERENCES model_versions (id),
  evidence          jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'object'),
  measured_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN model_evidence.manifest IS 'The manifest of the measured files, with the sha256 of each';
COMMENT ON COLUMN model_evidence.active_version_id IS 'The version that was active then, which the release was compared with; null if none was';

GRANT SELECT, INSERT, UPDATE ON model_evidence TO boursomatic_training;
