-- The track record says how many calls never got a result.
GRANT SELECT ON unscored_recommendations TO boursomatic_api;
