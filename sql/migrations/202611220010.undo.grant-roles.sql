REVOKE ALL ON ALL TABLES IN SCHEMA public FROM boursomatic_pipeline, boursomatic_api, boursomatic_training;
REVOKE ALL ON FUNCTION ensure_partitions(text, date, date) FROM boursomatic_pipeline;
REVOKE USAGE ON SCHEMA public FROM boursomatic_pipeline, boursomatic_api, boursomatic_training;
