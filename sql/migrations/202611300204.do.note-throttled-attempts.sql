ALTER TABLE login_attempts ADD COLUMN recorded_until timestamptz;
COMMENT ON COLUMN login_attempts.recorded_until IS
  'The end of the last delay that has a security event. Each delay has one, so that refused attempts fill no table';
