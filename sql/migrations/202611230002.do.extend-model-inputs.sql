-- Names more features, ranks more of them, and asks for all of them to be computed again: every instrument is
-- marked from its first bar, and the next run does the work.
DROP VIEW model_inputs;
CREATE VIEW model_inputs AS
SELECT
  f.instrument_id, f.ts, pb.c AS close_price,
  f.ret_1d, f.ret_5d, f.ret_20d, f.rsi_14, f.momentum_5d, f.vol_20d, f.atr_14, f.volume_zscore,
  x.*,
  day_rank(rank() OVER by_ret_1d, count(f.ret_1d) OVER day) AS ret_1d_rank,
  day_rank(rank() OVER by_ret_5d, count(f.ret_5d) OVER day) AS ret_5d_rank,
  day_rank(rank() OVER by_ret_20d, count(f.ret_20d) OVER day) AS ret_20d_rank,
  day_rank(rank() OVER by_rsi_14, count(f.rsi_14) OVER day) AS rsi_14_rank,
  day_rank(rank() OVER by_volume_zscore, count(f.volume_zscore) OVER day) AS volume_zscore_rank,
  day_rank(rank() OVER by_ret_60d, count(x.ret_60d) OVER day) AS ret_60d_rank,
  day_rank(rank() OVER by_ret_120d, count(x.ret_120d) OVER day) AS ret_120d_rank,
  day_rank(rank() OVER by_mom_12_1, count(x.mom_12_1) OVER day) AS mom_12_1_rank,
  day_rank(rank() OVER by_mom_12_7, count(x.mom_12_7) OVER day) AS mom_12_7_rank,
  day_rank(rank() OVER by_season_12, count(x.season_12) OVER day) AS season_12_rank,
  day_rank(rank() OVER by_up_share_231, count(x.up_share_231) OVER day) AS up_share_231_rank,
  day_rank(rank() OVER by_intraday_231, count(x.intraday_231) OVER day) AS intraday_231_rank,
  day_rank(rank() OVER by_overnight_231, count(x.overnight_231) OVER day) AS overnight_231_rank,
  day_rank(rank() OVER by_intraday_20, count(x.intraday_20) OVER day) AS intraday_20_rank,
  day_rank(rank() OVER by_close_place_5, count(x.close_place_5) OVER day) AS close_place_5_rank,
  day_rank(rank() OVER by_close_place_20, count(x.close_place_20) OVER day) AS close_place_20_rank,
  day_rank(rank() OVER by_volume_ratio_5_60, count(x.volume_ratio_5_60) OVER day) AS volume_ratio_5_60_rank,
  day_rank(rank() OVER by_vol_60d, count(x.vol_60d) OVER day) AS vol_60d_rank,
  day_rank(rank() OVER by_vol_ratio, count(x.vol_ratio) OVER day) AS vol_ratio_rank,
  day_rank(rank() OVER by_dist_high_252, count(x.dist_high_252) OVER day) AS dist_high_252_rank,
  day_rank(rank() OVER by_sma_ratio_200, count(x.sma_ratio_200) OVER day) AS sma_ratio_200_rank,
  day_rank(rank() OVER by_max_ret_20d, count(x.max_ret_20d) OVER day) AS max_ret_20d_rank,
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
  vol_60d real, vol_ratio real, atr_pct real, illiquidity_20 real, max_ret_20d real,
  mom_12_7 real, season_12 real, up_share_231 real, intraday_231 real, overnight_231 real, intraday_20 real,
  close_place_5 real, close_place_20 real, volume_ratio_5_60 real)
WINDOW
  day AS (PARTITION BY f.ts),
  by_ret_1d AS (PARTITION BY f.ts ORDER BY f.ret_1d),
  by_ret_5d AS (PARTITION BY f.ts ORDER BY f.ret_5d),
  by_ret_20d AS (PARTITION BY f.ts ORDER BY f.ret_20d),
  by_rsi_14 AS (PARTITION BY f.ts ORDER BY f.rsi_14),
  by_volume_zscore AS (PARTITION BY f.ts ORDER BY f.volume_zscore),
  by_ret_60d AS (PARTITION BY f.ts ORDER BY x.ret_60d),
  by_ret_120d AS (PARTITION BY f.ts ORDER BY x.ret_120d),
  by_mom_12_1 AS (PARTITION BY f.ts ORDER BY x.mom_12_1),
  by_mom_12_7 AS (PARTITION BY f.ts ORDER BY x.mom_12_7),
  by_season_12 AS (PARTITION BY f.ts ORDER BY x.season_12),
  by_up_share_231 AS (PARTITION BY f.ts ORDER BY x.up_share_231),
  by_intraday_231 AS (PARTITION BY f.ts ORDER BY x.intraday_231),
  by_overnight_231 AS (PARTITION BY f.ts ORDER BY x.overnight_231),
  by_intraday_20 AS (PARTITION BY f.ts ORDER BY x.intraday_20),
  by_close_place_5 AS (PARTITION BY f.ts ORDER BY x.close_place_5),
  by_close_place_20 AS (PARTITION BY f.ts ORDER BY x.close_place_20),
  by_volume_ratio_5_60 AS (PARTITION BY f.ts ORDER BY x.volume_ratio_5_60),
  by_vol_60d AS (PARTITION BY f.ts ORDER BY x.vol_60d),
  by_vol_ratio AS (PARTITION BY f.ts ORDER BY x.vol_ratio),
  by_dist_high_252 AS (PARTITION BY f.ts ORDER BY x.dist_high_252),
  by_sma_ratio_200 AS (PARTITION BY f.ts ORDER BY x.sma_ratio_200),
  by_max_ret_20d AS (PARTITION BY f.ts ORDER BY x.max_ret_20d),
  by_illiquidity_20 AS (PARTITION BY f.ts ORDER BY x.illiquidity_20);
GRANT SELECT ON model_inputs TO boursomatic_pipeline, boursomatic_training;

INSERT INTO feature_backlog AS f (instrument_id, dirty_from)
SELECT instrument_id, min(ts) FROM price_bars WHERE interval = 'daily' GROUP BY instrument_id
ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from);
