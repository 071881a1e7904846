SELECT r.*, i.symbol, i.exchange
FROM recommendations r
JOIN instruments i ON r.instrument_id = i.id
WHERE r.profile = 'moderate'
  AND r.label = 'BUY'
  AND r.is_active = true
ORDER BY r.confidence DESC, r.generated_at DESC
LIMIT 10;
