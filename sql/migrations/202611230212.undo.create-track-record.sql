DROP TRIGGER recommendation_outcomes_updated ON recommendation_outcomes;
DROP TRIGGER recommendation_outcomes_inserted ON recommendation_outcomes;
DROP FUNCTION count_track_record();
DROP TABLE track_record_days;
