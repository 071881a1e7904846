DROP FUNCTION expire_personal_data();
ALTER TABLE pipeline_runs DROP COLUMN expired_events, DROP COLUMN erased_accounts;
