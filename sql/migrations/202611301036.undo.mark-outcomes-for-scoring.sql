DROP TABLE outcome_backlog;
