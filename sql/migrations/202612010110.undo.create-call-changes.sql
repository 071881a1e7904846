ALTER TABLE user_settings DROP COLUMN changes_seen_at;
DROP TABLE call_changes;
