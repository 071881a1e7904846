DROP TRIGGER users_erased_erase_alerts ON users;
DROP FUNCTION erase_alerts_of_erased_user();
DROP FUNCTION enqueue_alerts(bigint, bigint);
DROP VIEW alert_matches;
DROP TABLE alert_messages;
DROP TABLE alert_rule_channels;
DROP TABLE alert_rules;
DROP TABLE alert_channels;
DROP TABLE alert_settings;
