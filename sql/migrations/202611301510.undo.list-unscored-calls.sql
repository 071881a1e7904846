COMMENT ON TABLE outcome_backlog IS NULL;
-- The version before finds older calls without an outcome by these marks.
INSERT INTO outcome_backlog (instrument_id, changed_from)
SELECT instrument_id, min(as_of) FROM unscored_recommendations GROUP BY instrument_id
ON CONFLICT (instrument_id) DO UPDATE SET changed_from = least(outcome_backlog.changed_from, excluded.changed_from);
DROP TABLE market_return_backlog;
DROP TRIGGER recommendation_outcomes_scored ON recommendation_outcomes;
DROP TRIGGER recommendations_unscored ON recommendations;
DROP FUNCTION unlist_scored();
DROP FUNCTION list_unscored();
DROP TABLE unscored_recommendations;
