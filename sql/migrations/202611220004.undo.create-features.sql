DROP TABLE feature_backlog;
DROP TABLE features;
