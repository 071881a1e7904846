DROP TABLE pipeline_failures;
DROP TABLE pipeline_runs;
