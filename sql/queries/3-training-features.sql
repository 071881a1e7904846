SELECT f.*, pb.c as close_price
FROM features f
JOIN price_bars pb ON f.instrument_id = pb.instrument_id
  AND f.ts = pb.ts
  AND pb.interval = 'daily'
WHERE f.ts >= :start_date
  AND f.ts <= :end_date
ORDER BY f.instrument_id, f.ts;
