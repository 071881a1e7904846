DROP VIEW model_inputs;
CREATE VIEW model_inputs AS
SELECT
  f.instrument_id, f.ts, pb.c AS close_price,
  f.ret_1d, f.ret_5d, f.ret_20d, f.rsi_14, f.momentum_5d, f.vol_20d, f.atr_14, f.volume_zscore,
  x.*,
  day_rank(rank() OVER by_ret_1d, count(f.ret_1d) OVER day) AS ret_1d_rank,
  day_rank(rank() OVER by_ret_5d, count(f.ret_5d) OVER day) AS ret_5d_rank,
  day_rank(rank() OVER by_ret_20d, count(f.ret_20d) OVER day) AS ret_20d_rank,
  day_rank(rank() OVER by_ret_60d, count(x.ret_60d) OVER day) AS ret_60d_rank,
  day_rank(rank() OVER by_mom_12_1, count(x.mom_12_1) OVER day) AS mom_12_1_rank,
  day_rank(rank() OVER by_vol_60d, count(x.vol_60d) OVER day) AS vol_60d_rank,
  day_rank(rank() OVER by_volume_zscore, count(f.volume_zscore) OVER day) AS volume_zscore_rank,
  day_rank(rank() OVER by_dist_high_252, count(x.dist_high_252) OVER day) AS dist_high_252_rank,
  day_rank(rank() OVER by_illiquidity_20, count(x.illiquidity_20) OVER day) AS illiquidity_20_rank,
  (avg(f.ret_1d) OVER day)::real AS market_ret_1d,
  (avg(f.ret_20d) OVER day)::real AS market_ret_20d,
  (avg(x.mom_12_1) OVER day)::real AS market_mom_12_1,
  (avg(f.vol_20d) OVER day)::real AS market_vol_20d,
  (avg(CASE WHEN x.sma_ratio_200 > 0 THEN 1.0 WHEN x.sma_ratio_200 <= 0 THEN 0.0 END) OVER day)::real AS market_breadth_200
FROM features f
JOIN price_bars pb ON f.instrument_id = pb.instrument_id AND f.ts = pb.ts AND pb.interval = 'daily'
CROSS JOIN LATERAL jsonb_to_record(f.additional_features) AS x(
  ret_60d real, ret_120d real, ret_252d real, mom_12_1 real, dist_high_252 real, dist_low_252 real,
  sma_ratio_20 real, sma_ratio_50 real, sma_ratio_200 real, macd_hist real, bollinger_pct_b real, adx_14 real,
  vol_60d real, vol_ratio real, atr_pct real, illiquidity_20 real, max_ret_20d real)
WINDOW
  day AS (PARTITION BY f.ts),
  by_ret_1d AS (PARTITION BY f.ts ORDER BY f.ret_1d),
  by_ret_5d AS (PARTITION BY f.ts ORDER BY f.ret_5d),
  by_ret_20d AS (PARTITION BY f.ts ORDER BY f.ret_20d),
  by_ret_60d AS (PARTITION BY f.ts ORDER BY x.ret_60d),
  by_mom_12_1 AS (PARTITION BY f.ts ORDER BY x.mom_12_1),
  by_vol_60d AS (PARTITION BY f.ts ORDER BY x.vol_60d),
  by_volume_zscore AS (PARTITION BY f.ts ORDER BY f.volume_zscore),
  by_dist_high_252 AS (PARTITION BY f.ts ORDER BY x.dist_high_252),
  by_illiquidity_20 AS (PARTITION BY f.ts ORDER BY x.illiquidity_20);
GRANT SELECT ON model_inputs TO boursomatic_pipeline, boursomatic_training;
