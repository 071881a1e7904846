COMMENT ON COLUMN recommendations.expected_return_pct IS
  'Expected return over horizon_days less that of the average stock of the day, in percentage points. In calls of models before v1.0.0: the expected return itself.';
