-- Ranks by search in each day's sorted values, instead of by one window function per rank (docs/adr/0035).
DROP VIEW model_inputs;
DROP FUNCTION day_rank(bigint, bigint);

-- (rank - 0.5) / n of a value within its day. The values are negated and ascending: width_bucket counts those that are
-- at or below a value, and a rank needs those at or above.
CREATE FUNCTION day_rank(negated float8[], value float8) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((cardinality(negated) - width_bucket(-value, negated) + 0.5::float8) / cardinality(negated))::real;

CREATE VIEW model_inputs AS
SELECT
  r.instrument_id, d.ts,
  (SELECT b.c FROM price_bars b WHERE b.instrument_id = r.instrument_id AND b.ts = d.ts
    AND b.interval = 'daily') AS close_price,
  r.ret_1d, r.ret_5d, r.ret_20d, r.rsi_14, r.momentum_5d, r.vol_20d, r.atr_14, r.volume_zscore,
  r.ret_60d, r.ret_120d, r.ret_252d, r.mom_12_1, r.dist_high_252, r.dist_low_252, r.sma_ratio_20,
  r.sma_ratio_50, r.sma_ratio_200, r.macd_hist, r.bollinger_pct_b, r.adx_14, r.vol_60d, r.vol_ratio,
  r.atr_pct, r.illiquidity_20, r.max_ret_20d, r.mom_12_7, r.season_12, r.up_share_231, r.intraday_231,
  r.overnight_231, r.intraday_20, r.close_place_5, r.close_place_20, r.volume_ratio_5_60, r.ret_1d_rank,
  r.ret_5d_rank, r.ret_20d_rank, r.rsi_14_rank, r.volume_zscore_rank, r.ret_60d_rank, r.ret_120d_rank,
  r.mom_12_1_rank, r.dist_high_252_rank, r.sma_ratio_200_rank, r.vol_60d_rank, r.vol_ratio_rank,
  r.illiquidity_20_rank, r.max_ret_20d_rank, r.mom_12_7_rank, r.season_12_rank, r.up_share_231_rank,
  r.intraday_231_rank, r.overnight_231_rank, r.intraday_20_rank, r.close_place_5_rank,
  r.close_place_20_rank, r.volume_ratio_5_60_rank, d.market_ret_1d, d.market_ret_20d, d.market_mom_12_1,
  d.market_vol_20d, d.market_breadth_200
FROM (
  SELECT
    ts, array_agg(f) AS rows,
    array_agg(log_dollars) AS log_dollars,
    count(i.currency) = count(*) AND min(i.currency) = max(i.currency) AS one_currency,
    array_agg(-ret_1d::float8 ORDER BY -ret_1d::float8) FILTER (WHERE ret_1d IS NOT NULL) AS ret_1d_values,
    array_agg(-ret_5d::float8 ORDER BY -ret_5d::float8) FILTER (WHERE ret_5d IS NOT NULL) AS ret_5d_values,
    array_agg(-ret_20d::float8 ORDER BY -ret_20d::float8) FILTER (WHERE ret_20d IS NOT NULL) AS ret_20d_values,
    array_agg(-rsi_14::float8 ORDER BY -rsi_14::float8) FILTER (WHERE rsi_14 IS NOT NULL) AS rsi_14_values,
    array_agg(-volume_zscore::float8 ORDER BY -volume_zscore::float8) FILTER (WHERE volume_zscore IS NOT NULL) AS volume_zscore_values,
    array_agg(-ret_60d::float8 ORDER BY -ret_60d::float8) FILTER (WHERE ret_60d IS NOT NULL) AS ret_60d_values,
    array_agg(-ret_120d::float8 ORDER BY -ret_120d::float8) FILTER (WHERE ret_120d IS NOT NULL) AS ret_120d_values,
    array_agg(-mom_12_1::float8 ORDER BY -mom_12_1::float8) FILTER (WHERE mom_12_1 IS NOT NULL) AS mom_12_1_values,
    array_agg(-dist_high_252::float8 ORDER BY -dist_high_252::float8) FILTER (WHERE dist_high_252 IS NOT NULL) AS dist_high_252_values,
    array_agg(-sma_ratio_200::float8 ORDER BY -sma_ratio_200::float8) FILTER (WHERE sma_ratio_200 IS NOT NULL) AS sma_ratio_200_values,
    array_agg(-vol_60d::float8 ORDER BY -vol_60d::float8) FILTER (WHERE vol_60d IS NOT NULL) AS vol_60d_values,
    array_agg(-vol_ratio::float8 ORDER BY -vol_ratio::float8) FILTER (WHERE vol_ratio IS NOT NULL) AS vol_ratio_values,
    array_agg(-illiquidity_20::float8 ORDER BY -illiquidity_20::float8) FILTER (WHERE illiquidity_20 IS NOT NULL) AS illiquidity_20_values,
    array_agg(-(illiquidity_20 - log_dollars)::float8 ORDER BY -(illiquidity_20 - log_dollars)::float8) FILTER (WHERE (illiquidity_20 - log_dollars) IS NOT NULL) AS illiquidity_20_dollar_values,
    array_agg(-max_ret_20d::float8 ORDER BY -max_ret_20d::float8) FILTER (WHERE max_ret_20d IS NOT NULL) AS max_ret_20d_values,
    array_agg(-mom_12_7::float8 ORDER BY -mom_12_7::float8) FILTER (WHERE mom_12_7 IS NOT NULL) AS mom_12_7_values,
    array_agg(-season_12::float8 ORDER BY -season_12::float8) FILTER (WHERE season_12 IS NOT NULL) AS season_12_values,
    array_agg(-up_share_231::float8 ORDER BY -up_share_231::float8) FILTER (WHERE up_share_231 IS NOT NULL) AS up_share_231_values,
    array_agg(-intraday_231::float8 ORDER BY -intraday_231::float8) FILTER (WHERE intraday_231 IS NOT NULL) AS intraday_231_values,
    array_agg(-overnight_231::float8 ORDER BY -overnight_231::float8) FILTER (WHERE overnight_231 IS NOT NULL) AS overnight_231_values,
    array_agg(-intraday_20::float8 ORDER BY -intraday_20::float8) FILTER (WHERE intraday_20 IS NOT NULL) AS intraday_20_values,
    array_agg(-close_place_5::float8 ORDER BY -close_place_5::float8) FILTER (WHERE close_place_5 IS NOT NULL) AS close_place_5_values,
    array_agg(-close_place_20::float8 ORDER BY -close_place_20::float8) FILTER (WHERE close_place_20 IS NOT NULL) AS close_place_20_values,
    array_agg(-volume_ratio_5_60::float8 ORDER BY -volume_ratio_5_60::float8) FILTER (WHERE volume_ratio_5_60 IS NOT NULL) AS volume_ratio_5_60_values,
    avg(ret_1d)::real AS market_ret_1d,
    avg(ret_20d)::real AS market_ret_20d,
    avg(mom_12_1)::real AS market_mom_12_1,
    avg(vol_20d)::real AS market_vol_20d,
    avg(CASE WHEN sma_ratio_200 > 0 THEN 1.0 WHEN sma_ratio_200 <= 0 THEN 0.0 END)::real AS market_breadth_200
  FROM features f
  JOIN instruments i ON i.id = f.instrument_id
  LEFT JOIN LATERAL (
    SELECT 0::float8 AS log_dollars WHERE i.currency = 'USD'
    UNION ALL (
      SELECT ln(r.usd) FROM exchange_rates r
      WHERE r.currency = i.currency AND r.ts < f.ts AND r.ts >= f.ts - interval '31 days'
      ORDER BY r.ts DESC LIMIT 1
    )
  ) rate ON true
  GROUP BY ts
) d
CROSS JOIN LATERAL (
  SELECT
    f.instrument_id,
    f.ret_1d, f.ret_5d, f.ret_20d, f.rsi_14, f.momentum_5d, f.vol_20d, f.atr_14, f.volume_zscore,
    f.ret_60d, f.ret_120d, f.ret_252d, f.mom_12_1, f.dist_high_252, f.dist_low_252, f.sma_ratio_20,
    f.sma_ratio_50, f.sma_ratio_200, f.macd_hist, f.bollinger_pct_b, f.adx_14, f.vol_60d, f.vol_ratio,
    f.atr_pct, f.illiquidity_20, f.max_ret_20d, f.mom_12_7, f.season_12, f.up_share_231, f.intraday_231,
    f.overnight_231, f.intraday_20, f.close_place_5, f.close_place_20, f.volume_ratio_5_60,
    day_rank(d.ret_1d_values, ret_1d) AS ret_1d_rank, day_rank(d.ret_5d_values, ret_5d) AS ret_5d_rank,
    day_rank(d.ret_20d_values, ret_20d) AS ret_20d_rank, day_rank(d.rsi_14_values, rsi_14) AS rsi_14_rank,
    day_rank(d.volume_zscore_values, volume_zscore) AS volume_zscore_rank,
    day_rank(d.ret_60d_values, ret_60d) AS ret_60d_rank,
    day_rank(d.ret_120d_values, ret_120d) AS ret_120d_rank,
    day_rank(d.mom_12_1_values, mom_12_1) AS mom_12_1_rank,
    day_rank(d.dist_high_252_values, dist_high_252) AS dist_high_252_rank,
    day_rank(d.sma_ratio_200_values, sma_ratio_200) AS sma_ratio_200_rank,
    day_rank(d.vol_60d_values, vol_60d) AS vol_60d_rank,
    day_rank(d.vol_ratio_values, vol_ratio) AS vol_ratio_rank,
    CASE WHEN d.one_currency THEN day_rank(d.illiquidity_20_values, illiquidity_20) ELSE day_rank(d.illiquidity_20_dollar_values, illiquidity_20 - f.unnest) END AS illiquidity_20_rank,
    day_rank(d.max_ret_20d_values, max_ret_20d) AS max_ret_20d_rank,
    day_rank(d.mom_12_7_values, mom_12_7) AS mom_12_7_rank,
    day_rank(d.season_12_values, season_12) AS season_12_rank,
    day_rank(d.up_share_231_values, up_share_231) AS up_share_231_rank,
    day_rank(d.intraday_231_values, intraday_231) AS intraday_231_rank,
    day_rank(d.overnight_231_values, overnight_231) AS overnight_231_rank,
    day_rank(d.intraday_20_values, intraday_20) AS intraday_20_rank,
    day_rank(d.close_place_5_values, close_place_5) AS close_place_5_rank,
    day_rank(d.close_place_20_values, close_place_20) AS close_place_20_rank,
    day_rank(d.volume_ratio_5_60_values, volume_ratio_5_60) AS volume_ratio_5_60_rank
  FROM unnest(d.rows, d.log_dollars) f
  OFFSET 0
) r;
GRANT SELECT ON model_inputs TO boursomatic_pipeline, boursomatic_training;
