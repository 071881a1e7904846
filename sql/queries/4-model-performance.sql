SELECT
  mv.version,
  mv.trained_at,
  mv.metrics_json->>'precision' as precision,
  mv.metrics_json->>'f1_score' as f1,
  COUNT(r.id) as recommendations_count
FROM model_versions mv
LEFT JOIN recommendations r ON mv.id = r.model_version_id
GROUP BY mv.id
ORDER BY mv.trained_at DESC;
