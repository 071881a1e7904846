DROP TABLE recommendation_outcomes;
DROP TABLE recommendations;
