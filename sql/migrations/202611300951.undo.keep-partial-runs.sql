UPDATE pipeline_runs SET status = 'succeeded', error = NULL WHERE status = 'partial';
ALTER TABLE pipeline_runs DROP CONSTRAINT pipeline_runs_status_check;
ALTER TABLE pipeline_runs ADD CONSTRAINT pipeline_runs_status_check
  CHECK (status IN ('running', 'succeeded', 'failed'));
