-- Programs may change the watchlist of their user, if the user allowed it when making the key.
ALTER TABLE api_keys ADD COLUMN may_follow boolean NOT NULL DEFAULT false;
COMMENT ON TABLE api_keys IS 'Keys with which programs of a user read, and change the watchlist if they may; each is stored as a hash';
COMMENT ON COLUMN api_keys.may_follow IS 'Whether the key may change the watchlist; fixed when the key is made';
