-- The roles themselves are the cluster's and are made before the first migration; this says
-- what each may do here. The migrator owns everything, so it needs no grant.
GRANT USAGE ON SCHEMA public TO boursomatic_pipeline, boursomatic_api, boursomatic_training;

GRANT SELECT, INSERT, UPDATE ON instruments, price_bars, features TO boursomatic_pipeline;
GRANT SELECT, INSERT, UPDATE, DELETE ON feature_backlog TO boursomatic_pipeline;
GRANT SELECT, INSERT, UPDATE ON pipeline_runs, pipeline_failures, recommendations, recommendation_outcomes TO boursomatic_pipeline;
GRANT DELETE ON pipeline_failures TO boursomatic_pipeline;
GRANT SELECT ON model_versions, model_inputs TO boursomatic_pipeline;
GRANT EXECUTE ON FUNCTION ensure_partitions(text, date, date) TO boursomatic_pipeline;

GRANT SELECT, INSERT, UPDATE ON users, user_settings TO boursomatic_api;
GRANT SELECT ON instruments, price_bars, features, model_versions, recommendations, recommendation_outcomes,
  pipeline_runs, pipeline_failures TO boursomatic_api;

GRANT SELECT ON instruments, price_bars, features, model_inputs TO boursomatic_training;
GRANT SELECT, INSERT, UPDATE ON model_versions TO boursomatic_training;
