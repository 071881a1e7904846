REVOKE SELECT ON unscored_recommendations FROM boursomatic_api;
