ALTER TABLE api_keys DROP COLUMN may_follow;
COMMENT ON TABLE api_keys IS 'Keys with which programs of a user read; each is stored as a hash';
