COMMENT ON COLUMN recommendations.expected_return_pct IS NULL;
