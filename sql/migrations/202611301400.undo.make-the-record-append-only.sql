DROP TRIGGER track_record_days_kept ON track_record_days;
DROP TABLE outcome_revisions;
DROP TRIGGER recommendation_outcomes_kept ON recommendation_outcomes;
COMMENT ON TABLE recommendation_outcomes IS 'What came of a recommendation, horizon_days bars after its as_of';
REVOKE INSERT (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
  ON recommendation_outcomes FROM boursomatic_pipeline;
GRANT INSERT, UPDATE ON recommendation_outcomes TO boursomatic_pipeline;
DROP TRIGGER recommendations_archived_once ON recommendations;
DROP TRIGGER recommendations_published ON recommendations;
REVOKE UPDATE (is_active, archived_at, is_carried_over) ON recommendations FROM boursomatic_pipeline;
GRANT UPDATE ON recommendations TO boursomatic_pipeline;
DROP FUNCTION keep_record();
