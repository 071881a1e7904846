DROP VIEW model_inputs;
DROP FUNCTION day_rank(float8[], float8);
CREATE FUNCTION day_rank(place bigint, present bigint) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN place <= present THEN ((place - 0.5::float8) / present)::real END;
CREATE VIEW model_inputs AS
SELECT
  f.instrument_id, f.ts, pb.c AS close_price,
  f.ret_1d, f.ret_5d, f.ret_20d, f.rsi_14, f.momentum_5d, f.vol_20d, f.atr_14, f.volume_zscore,
  f.ret_60d, f.ret_120d, f.ret_252d, f.mom_12_1, f.dist_high_252, f.dist_low_252, f.sma_ratio_20,
  f.sma_ratio_50, f.sma_ratio_200, f.macd_hist, f.bollinger_pct_b, f.adx_14, f.vol_60d, f.vol_ratio,
  f.atr_pct, f.illiquidity_20, f.max_ret_20d, f.mom_12_7, f.season_12, f.up_share_231, f.intraday_231,
  f.overnight_231, f.intraday_20, f.close_place_5, f.close_place_20, f.volume_ratio_5_60,
  day_rank(rank() OVER (day ORDER BY ret_1d), count(ret_1d) OVER day) AS ret_1d_rank,
  day_rank(rank() OVER (day ORDER BY ret_5d), count(ret_5d) OVER day) AS ret_5d_rank,
  day_rank(rank() OVER (day ORDER BY ret_20d), count(ret_20d) OVER day) AS ret_20d_rank,
  day_rank(rank() OVER (day ORDER BY rsi_14), count(rsi_14) OVER day) AS rsi_14_rank,
  day_rank(rank() OVER (day ORDER BY volume_zscore), count(volume_zscore) OVER day) AS volume_zscore_rank,
  day_rank(rank() OVER (day ORDER BY ret_60d), count(ret_60d) OVER day) AS ret_60d_rank,
  day_rank(rank() OVER (day ORDER BY ret_120d), count(ret_120d) OVER day) AS ret_120d_rank,
  day_rank(rank() OVER (day ORDER BY mom_12_1), count(mom_12_1) OVER day) AS mom_12_1_rank,
  day_rank(rank() OVER (day ORDER BY dist_high_252), count(dist_high_252) OVER day) AS dist_high_252_rank,
  day_rank(rank() OVER (day ORDER BY sma_ratio_200), count(sma_ratio_200) OVER day) AS sma_ratio_200_rank,
  day_rank(rank() OVER (day ORDER BY vol_60d), count(vol_60d) OVER day) AS vol_60d_rank,
  day_rank(rank() OVER (day ORDER BY vol_ratio), count(vol_ratio) OVER day) AS vol_ratio_rank,
  CASE WHEN count(i.currency) OVER day = count(*) OVER day AND min(i.currency) OVER day = max(i.currency) OVER day
    THEN day_rank(rank() OVER (day ORDER BY illiquidity_20), count(illiquidity_20) OVER day)
    ELSE day_rank(rank() OVER (day ORDER BY illiquidity_20 - log_dollars), count(illiquidity_20 - log_dollars) OVER day) END AS illiquidity_20_rank,
  day_rank(rank() OVER (day ORDER BY max_ret_20d), count(max_ret_20d) OVER day) AS max_ret_20d_rank,
  day_rank(rank() OVER (day ORDER BY mom_12_7), count(mom_12_7) OVER day) AS mom_12_7_rank,
  day_rank(rank() OVER (day ORDER BY season_12), count(season_12) OVER day) AS season_12_rank,
  day_rank(rank() OVER (day ORDER BY up_share_231), count(up_share_231) OVER day) AS up_share_231_rank,
  day_rank(rank() OVER (day ORDER BY intraday_231), count(intraday_231) OVER day) AS intraday_231_rank,
  day_rank(rank() OVER (day ORDER BY overnight_231), count(overnight_231) OVER day) AS overnight_231_rank,
  day_rank(rank() OVER (day ORDER BY intraday_20), count(intraday_20) OVER day) AS intraday_20_rank,
  day_rank(rank() OVER (day ORDER BY close_place_5), count(close_place_5) OVER day) AS close_place_5_rank,
  day_rank(rank() OVER (day ORDER BY close_place_20), count(close_place_20) OVER day) AS close_place_20_rank,
  day_rank(rank() OVER (day ORDER BY volume_ratio_5_60), count(volume_ratio_5_60) OVER day) AS volume_ratio_5_60_rank,
  (avg(ret_1d) OVER day)::real AS market_ret_1d,
  (avg(ret_20d) OVER day)::real AS market_ret_20d,
  (avg(mom_12_1) OVER day)::real AS market_mom_12_1,
  (avg(vol_20d) OVER day)::real AS market_vol_20d,
  (avg(CASE WHEN sma_ratio_200 > 0 THEN 1.0 WHEN sma_ratio_200 <= 0 THEN 0.0 END) OVER day)::real AS market_breadth_200
FROM features f
JOIN price_bars pb ON f.instrument_id = pb.instrument_id AND f.ts = pb.ts AND pb.interval = 'daily'
JOIN instruments i ON i.id = f.instrument_id
LEFT JOIN LATERAL (
  SELECT 0 AS log_dollars WHERE i.currency = 'USD'
  UNION ALL (
    SELECT ln(r.usd) FROM exchange_rates r
    WHERE r.currency = i.currency AND r.ts < f.ts AND r.ts >= f.ts - interval '31 days'
    ORDER BY r.ts DESC LIMIT 1
  )
) rate ON true
WINDOW day AS (PARTITION BY f.ts);
GRANT SELECT ON model_inputs TO boursomatic_pipeline, boursomatic_training;
