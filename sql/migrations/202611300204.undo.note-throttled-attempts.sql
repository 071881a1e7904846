ALTER TABLE login_attempts DROP COLUMN recorded_until;
