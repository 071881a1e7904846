SELECT ts, c as close_price, v as volume
FROM price_bars
WHERE instrument_id = :instrument_id
  AND interval = 'daily'
  AND ts >= NOW() - INTERVAL '1 year'
ORDER BY ts;
