-- Lists the calls of a kind and a profile by day. Without the id, the calls of a day share one key, which Postgres stores once.
CREATE INDEX recommendations_record ON recommendations (kind, profile, as_of);
