-- An outcome that reads the price of its day from today's bars moves when the vendor restates them. So a call keeps the
-- prices that it was made from, and its outcome is in the same units.

ALTER TABLE recommendations
  ADD COLUMN close double precision CHECK (close > 0),
  ADD COLUMN atr double precision CHECK (atr >= 0),
  ADD COLUMN currency text;
COMMENT ON COLUMN recommendations.close IS
  'The close of as_of as it was when the call was published; null for a call from before this column whose snapshot lacks it';
COMMENT ON COLUMN recommendations.atr IS 'atr_14 of as_of when the call was published, in the units of close';
COMMENT ON COLUMN recommendations.currency IS 'The currency of close, atr, stop_loss and take_profit when the call was published; null if unknown';
-- The currency of the instrument then is not known, so that of now is not written into earlier calls.
UPDATE recommendations
SET close = nullif(greatest((features_snapshot->>'close_price')::float8, 0), 0),
  atr = greatest((features_snapshot->>'atr_14')::float8, 0)
WHERE features_snapshot ? 'close_price' OR features_snapshot ? 'atr_14';
GRANT INSERT (close, atr, currency) ON recommendations TO boursomatic_pipeline;

DROP TRIGGER recommendations_published ON recommendations;
CREATE TRIGGER recommendations_published BEFORE UPDATE OF
    id, instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
    take_profit, justification, features_snapshot, generated_at, explanation, as_of, run_id, kind, close, atr, currency
  OR DELETE OR TRUNCATE ON recommendations FOR EACH STATEMENT
  EXECUTE FUNCTION keep_record('published calls are the track record, which nobody may change', 'Publish a new call.');

-- Both tables: an outcome and its revisions have the same figures.
ALTER TABLE recommendation_outcomes
  ADD COLUMN entry_open double precision CHECK (entry_open > 0),
  ADD COLUMN open_return_pct double precision,
  ADD COLUMN first_hit text CHECK (first_hit IN ('stop', 'target', 'neither')),
  ADD COLUMN first_hit_after integer CHECK (first_hit_after > 0),
  ADD COLUMN realised_label text CHECK (realised_label IN ('BUY', 'HOLD', 'SELL')),
  ADD CONSTRAINT recommendation_outcomes_open_check CHECK ((entry_open IS NULL) = (open_return_pct IS NULL)),
  ADD CONSTRAINT recommendation_outcomes_hit_check CHECK (coalesce(first_hit, 'neither') <> 'neither' OR first_hit_after IS NULL);
ALTER TABLE outcome_revisions
  ADD COLUMN entry_open double precision CHECK (entry_open > 0),
  ADD COLUMN open_return_pct double precision,
  ADD COLUMN first_hit text CHECK (first_hit IN ('stop', 'target', 'neither')),
  ADD COLUMN first_hit_after integer CHECK (first_hit_after > 0);
COMMENT ON COLUMN recommendation_outcomes.entry_close IS
  'The close of as_of as published: all prices of an outcome are in its units, so that a later split or dividend does not change them';
COMMENT ON COLUMN recommendation_outcomes.entry_open IS
  'The open of the first session after as_of; null for outcomes from before this column';
COMMENT ON COLUMN recommendation_outcomes.open_return_pct IS 'The return from entry_open to exit_close in percent, before costs';
COMMENT ON COLUMN recommendation_outcomes.first_hit IS
  'Which of stop and target the daily ranges of the horizon reached first; stop if one day reached both. Null for outcomes from before this column';
COMMENT ON COLUMN recommendation_outcomes.first_hit_after IS 'Sessions after as_of until first_hit; the first session is 1';
COMMENT ON COLUMN recommendation_outcomes.realised_label IS
  'The label that the model''s own rule gives the outcome among all stocks of the day; null where the rule needs more stocks';
GRANT INSERT (entry_open, open_return_pct, first_hit, first_hit_after, realised_label) ON recommendation_outcomes TO boursomatic_pipeline;
GRANT INSERT (entry_open, open_return_pct, first_hit, first_hit_after) ON outcome_revisions TO boursomatic_pipeline;

CREATE TABLE track_record_market_returns (
  as_of                     timestamptz NOT NULL,
  horizon_days              integer NOT NULL CHECK (horizon_days > 0),
  instruments               integer NOT NULL CHECK (instruments > 0),
  return_pct                double precision NOT NULL,
  open_return_pct           double precision NOT NULL,
  benchmark                 text,
  benchmark_return_pct      double precision,
  benchmark_open_return_pct double precision,
  scored_at                 timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (as_of, horizon_days),
  CHECK ((benchmark IS NULL) = (benchmark_return_pct IS NULL) AND (benchmark IS NULL) = (benchmark_open_return_pct IS NULL))
);
COMMENT ON TABLE track_record_market_returns IS
  'What the average stock and the benchmark returned over the horizon of the calls of a day; written once, when most stocks have ended it';
COMMENT ON COLUMN track_record_market_returns.instruments IS 'How many stocks are averaged: all with calls or for reference';
COMMENT ON COLUMN track_record_market_returns.return_pct IS 'Average return from the close of as_of to the close horizon_days sessions later, in percent';
COMMENT ON COLUMN track_record_market_returns.open_return_pct IS 'The same from the open of the first session after as_of';
COMMENT ON COLUMN track_record_market_returns.benchmark IS 'The symbol of the benchmark; null if it had no bars for these days';
GRANT SELECT ON track_record_market_returns TO boursomatic_api, boursomatic_pipeline;
GRANT INSERT (as_of, horizon_days, instruments, return_pct, open_return_pct, benchmark, benchmark_return_pct,
  benchmark_open_return_pct) ON track_record_market_returns TO boursomatic_pipeline;
CREATE TRIGGER track_record_market_returns_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON track_record_market_returns
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('outcomes were compared with it', 'Score another day.');

-- bar_revisions has one version of a bar, so that one which was replaced before the call and after it is unknown. The
-- returns that the call saw give three more earlier closes.
CREATE FUNCTION basis_factor(
  of_instrument uuid, based_on timestamptz, published timestamptz, published_close float8, seen jsonb
) RETURNS float8 LANGUAGE sql STABLE AS $$
  WITH recent AS (
    SELECT ts, c, created_at, row_number() OVER (ORDER BY ts DESC) - 1 AS sessions_before FROM price_bars
    WHERE instrument_id = of_instrument AND interval = 'daily' AND ts <= based_on
    ORDER BY ts DESC LIMIT 21
  ), bars AS (
    -- An action of up to the as-of that was told after the publication changes the bars before it, and not the as-of.
    SELECT * FROM recent b WHERE NOT EXISTS (
      SELECT FROM corporate_actions a
      WHERE a.instrument_id = of_instrument AND a.updated_at > published
        AND a.ex_date > (b.ts AT TIME ZONE 'UTC')::date AND a.ex_date <= (based_on AT TIME ZONE 'UTC')::date
    )
  ), ratios AS (
    SELECT b.ts = based_on AS is_own, b.c / CASE
        WHEN b.ts = based_on THEN published_close
        WHEN r.ts IS NULL AND b.created_at <= published THEN b.c
        WHEN r.first_seen_at <= published AND r.replaced_at > published THEN r.c
      END AS ratio
    FROM bars b LEFT JOIN bar_revisions r ON r.instrument_id = of_instrument AND r.ts = b.ts AND r.interval = 'daily'
    WHERE b.sessions_before <= 10
    UNION ALL
    SELECT false, b.c * (1 + p.change::float8) / published_close
    FROM (VALUES (1, seen -> 'ret_1d'), (5, seen -> 'ret_5d'), (20, seen -> 'ret_20d')) AS p (sessions, change)
    JOIN bars b ON b.sessions_before = p.sessions
    WHERE jsonb_typeof(p.change) = 'number'
  )
  -- If the bar of the as-of is unchanged, then so are its units. It is also the exact one of those that agree, because
  -- returns have seven digits.
  SELECT ratio FROM ratios one WHERE ratio IS NOT NULL
  ORDER BY is_own AND ratio = 1 DESC, (SELECT count(*) FROM ratios other WHERE abs(one.ratio / other.ratio - 1) < 1e-5) DESC,
    is_own DESC, abs(ln(ratio)), ratio
  LIMIT 1
$$;
COMMENT ON FUNCTION basis_factor IS
  'By what a price of a call''s day is multiplied in today''s bars, after splits and dividends since its publication: the ratio on which most sessions up to its as-of agree, so that the correction of a bar changes nothing. seen is the snapshot of the call, for its returns over 1, 5 and 20 sessions. Null without a bar';
