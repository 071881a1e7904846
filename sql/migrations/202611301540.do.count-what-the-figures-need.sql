-- The figures of the track record and their intervals need a few sums per day. They are counted here, so that ten years
-- are read in milliseconds however many instruments there are.

DROP TRIGGER recommendation_outcomes_inserted ON recommendation_outcomes;
DROP TRIGGER recommendation_outcomes_updated ON recommendation_outcomes;
DROP FUNCTION count_track_record();
DROP TABLE track_record_days;

CREATE TABLE track_record_days (
  kind                   text NOT NULL,
  as_of                  timestamptz NOT NULL,
  horizon_days           integer NOT NULL,
  model_version_id       uuid NOT NULL REFERENCES model_versions (id),
  profile                text NOT NULL,
  label                  text NOT NULL,
  scored                 integer NOT NULL,
  above_market           integer NOT NULL,
  below_market           integer NOT NULL,
  return_sum             double precision NOT NULL,
  market_return_pct      double precision NOT NULL,
  stocks                 integer NOT NULL,
  stocks_above_market    integer NOT NULL,
  stocks_below_market    integer NOT NULL,
  open_scored            integer NOT NULL,
  open_return_sum        double precision NOT NULL,
  open_market_return_pct double precision,
  momentum_stocks        integer NOT NULL,
  momentum_return_sum    double precision NOT NULL,
  open_momentum_stocks   integer NOT NULL,
  open_momentum_return_sum double precision NOT NULL,
  hits_known             integer NOT NULL,
  stops_after            integer[] NOT NULL,
  targets_after          integer[] NOT NULL,
  PRIMARY KEY (kind, as_of, horizon_days, model_version_id, profile, label)
);
COMMENT ON TABLE track_record_days IS 'Recommendations that have an outcome, by kind, day, horizon, model, profile and label';
COMMENT ON COLUMN track_record_days.market_return_pct IS
  'Return of the average stock from track_record_market_returns; without a row there, that of the stocks with calls of this kind and day';
COMMENT ON COLUMN track_record_days.above_market IS 'How many returned more than market_return_pct';
COMMENT ON COLUMN track_record_days.return_sum IS 'Sum of realised_return_pct';
COMMENT ON COLUMN track_record_days.stocks IS 'Stocks with a scored call of this kind, day and horizon, whatever its profile and label';
COMMENT ON COLUMN track_record_days.open_scored IS 'How many have an open_return_pct; open_return_sum is their sum';
COMMENT ON COLUMN track_record_days.momentum_stocks IS
  'Length of a list of the stocks with the highest (BUY) or lowest (SELL) mom_12_1, as long as that of the calls if there are as many; momentum_return_sum is the sum of its realised_return_pct';
COMMENT ON COLUMN track_record_days.hits_known IS 'How many have a first_hit';
COMMENT ON COLUMN track_record_days.stops_after IS 'How many reached the stop first after 1, 2, … horizon_days sessions';
COMMENT ON COLUMN track_record_days.targets_after IS 'How many reached the target first after 1, 2, … horizon_days sessions';

CREATE TABLE track_record_rank_ics (
  kind             text NOT NULL,
  as_of            timestamptz NOT NULL,
  horizon_days     integer NOT NULL,
  model_version_id uuid NOT NULL REFERENCES model_versions (id),
  stocks           integer NOT NULL,
  rank_ic          double precision NOT NULL,
  PRIMARY KEY (kind, as_of, horizon_days, model_version_id)
);
COMMENT ON TABLE track_record_rank_ics IS
  'Spearman''s rank correlation of the score with realised_return_pct, of days with at least 20 stocks; 0 if either is constant';

CREATE TABLE track_record_bins (
  kind             text NOT NULL,
  as_of            timestamptz NOT NULL,
  horizon_days     integer NOT NULL,
  model_version_id uuid NOT NULL REFERENCES model_versions (id),
  label            text NOT NULL,
  bin              integer NOT NULL,
  stocks           integer NOT NULL,
  probability_sum  double precision NOT NULL,
  came_true        integer NOT NULL,
  PRIMARY KEY (kind, as_of, horizon_days, model_version_id, label, bin)
);
COMMENT ON TABLE track_record_bins IS
  'Stated probabilities of stocks with a realised_label, in 15 bins of equal width from 0 to 1; a stock counts once per model and day';
COMMENT ON COLUMN track_record_bins.label IS 'BUY, HOLD or SELL; likeliest: the label with the highest probability of each stock';
COMMENT ON COLUMN track_record_bins.came_true IS 'How many have this label as realised_label';

-- Without a search path of its own, so that its callers inline it.
CREATE FUNCTION number_of(value jsonb) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'number' THEN value::float8 END
$$;
COMMENT ON FUNCTION number_of IS 'A JSON number; null for any other value';

-- Counts whole days again: one more outcome moves the average of its day, the ranks and the momentum list.
CREATE FUNCTION count_track_record_days(of_days timestamptz[], horizons integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Of two transactions that count a day, the second sees what the first one wrote.
  PERFORM pg_advisory_xact_lock(hashtext('track_record'));
  DELETE FROM track_record_days t USING unnest(of_days, horizons) AS d (as_of, horizon_days)
  WHERE t.as_of = d.as_of AND t.horizon_days = d.horizon_days;
  DELETE FROM track_record_rank_ics t USING unnest(of_days, horizons) AS d (as_of, horizon_days)
  WHERE t.as_of = d.as_of AND t.horizon_days = d.horizon_days;
  DELETE FROM track_record_bins t USING unnest(of_days, horizons) AS d (as_of, horizon_days)
  WHERE t.as_of = d.as_of AND t.horizon_days = d.horizon_days;

  INSERT INTO track_record_days
  WITH calls AS MATERIALIZED (
    SELECT r.kind, r.as_of, r.horizon_days, r.model_version_id, r.profile, r.label, r.instrument_id, r.id, r.generated_at,
      o.realised_return_pct AS pct, o.open_return_pct AS open_pct, o.first_hit, o.first_hit_after
    FROM unnest(of_days, horizons) AS d (as_of, horizon_days)
    JOIN recommendations r USING (as_of, horizon_days)
    JOIN recommendation_outcomes o ON o.recommendation_id = r.id
  ), each AS MATERIALIZED (
    -- An instrument counts once, however many profiles and models have a call for it.
    SELECT DISTINCT ON (kind, as_of, horizon_days, instrument_id)
      kind, as_of, horizon_days, instrument_id, id, pct, open_pct
    FROM calls ORDER BY kind, as_of, horizon_days, instrument_id, generated_at DESC, id DESC
  ), market AS (
    SELECT kind, as_of, horizon_days,
      coalesce(m.return_pct, avg(pct)) AS market_pct, coalesce(m.open_return_pct, avg(open_pct)) AS open_market_pct
    FROM each LEFT JOIN track_record_market_returns m USING (as_of, horizon_days)
    GROUP BY kind, as_of, horizon_days, m.return_pct, m.open_return_pct
  ), day AS (
    SELECT kind, as_of, horizon_days, market_pct, open_market_pct, count(*) AS stocks,
      count(*) FILTER (WHERE pct > market_pct) AS above, count(*) FILTER (WHERE pct < market_pct) AS below
    FROM each JOIN market USING (kind, as_of, horizon_days)
    GROUP BY kind, as_of, horizon_days, market_pct, open_market_pct
  ), ordered AS (
    SELECT e.kind, e.as_of, e.horizon_days, e.instrument_id, e.pct, e.open_pct, direction.label,
      direction.sign * number_of(r.features_snapshot -> 'mom_12_1') AS momentum
    FROM each e JOIN recommendations r USING (id) CROSS JOIN (VALUES ('BUY', -1), ('SELL', 1)) AS direction (label, sign)
  ), listed AS (
    -- The list of each length up to all stocks with a momentum.
    SELECT kind, as_of, horizon_days, label, row_number() OVER list AS length, count(*) OVER whole AS longest,
      sum(pct) OVER list AS return_sum, count(open_pct) OVER list AS open_stocks, sum(open_pct) OVER list AS open_return_sum
    FROM ordered WHERE momentum IS NOT NULL
    WINDOW whole AS (PARTITION BY kind, as_of, horizon_days, label),
      list AS (whole ORDER BY momentum, instrument_id ROWS UNBOUNDED PRECEDING)
  ), counted AS (
    SELECT c.kind, c.as_of, c.horizon_days, c.model_version_id, c.profile, c.label, count(*) AS scored,
      count(*) FILTER (WHERE c.pct > d.market_pct) AS above, count(*) FILTER (WHERE c.pct < d.market_pct) AS below,
      sum(c.pct) AS return_sum, d.market_pct, d.stocks, d.above AS stocks_above, d.below AS stocks_below,
      count(c.open_pct) AS open_scored, coalesce(sum(c.open_pct), 0) AS open_return_sum, d.open_market_pct,
      count(c.first_hit) AS hits_known
    FROM calls c JOIN day d USING (kind, as_of, horizon_days)
    GROUP BY c.kind, c.as_of, c.horizon_days, c.model_version_id, c.profile, c.label, d.market_pct, d.open_market_pct,
      d.stocks, d.above, d.below
  ), hit AS (
    SELECT kind, as_of, horizon_days, model_version_id, profile, label, first_hit, first_hit_after AS session, count(*) AS calls
    FROM calls WHERE first_hit_after IS NOT NULL
    GROUP BY kind, as_of, horizon_days, model_version_id, profile, label, first_hit, first_hit_after
  ), hits AS (
    SELECT kind, as_of, horizon_days, model_version_id, profile, label,
      array_agg(coalesce(stop.calls, 0)::int ORDER BY session) AS stops,
      array_agg(coalesce(target.calls, 0)::int ORDER BY session) AS targets
    FROM counted CROSS JOIN LATERAL generate_series(1, horizon_days) AS session
    LEFT JOIN (SELECT * FROM hit WHERE first_hit = 'stop') stop
      USING (kind, as_of, horizon_days, model_version_id, profile, label, session)
    LEFT JOIN (SELECT * FROM hit WHERE first_hit = 'target') target
      USING (kind, as_of, horizon_days, model_version_id, profile, label, session)
    GROUP BY kind, as_of, horizon_days, model_version_id, profile, label
  )
  SELECT kind, as_of, horizon_days, model_version_id, profile, label, c.scored, c.above, c.below, c.return_sum, c.market_pct,
    c.stocks, c.stocks_above, c.stocks_below, c.open_scored, c.open_return_sum, c.open_market_pct,
    coalesce(l.length, 0), coalesce(l.return_sum, 0), coalesce(l.open_stocks, 0), coalesce(l.open_return_sum, 0),
    c.hits_known, h.stops, h.targets
  FROM counted c
  JOIN hits h USING (kind, as_of, horizon_days, model_version_id, profile, label)
  LEFT JOIN listed l USING (kind, as_of, horizon_days, label)
  WHERE l.length IS NULL OR l.length = least(c.scored, l.longest);

  WITH stated AS (
    SELECT DISTINCT ON (r.kind, r.as_of, r.horizon_days, r.model_version_id, r.instrument_id)
      r.kind, r.as_of, r.horizon_days, r.model_version_id, r.explanation, o.realised_return_pct AS pct, o.realised_label
    FROM unnest(of_days, horizons) AS d (as_of, horizon_days)
    JOIN recommendations r USING (as_of, horizon_days)
    JOIN recommendation_outcomes o ON o.recommendation_id = r.id
    ORDER BY r.kind, r.as_of, r.horizon_days, r.model_version_id, r.instrument_id, r.generated_at DESC, r.id DESC
  ), chances AS MATERIALIZED (
    SELECT kind, as_of, horizon_days, model_version_id, pct, realised_label, number_of(explanation -> 'score') AS score,
      number_of(explanation -> 'probabilities' -> 'SELL') AS sell,
      number_of(explanation -> 'probabilities' -> 'HOLD') AS hold,
      number_of(explanation -> 'probabilities' -> 'BUY') AS buy
    FROM stated
  ), binned AS (
    INSERT INTO track_record_bins
    SELECT kind, as_of, horizon_days, model_version_id, stated.label, least(floor(probability * 15), 14)::int AS bin,
      count(*), sum(probability), count(*) FILTER (WHERE realised_label = named)
    FROM chances CROSS JOIN LATERAL (VALUES
      ('SELL', 'SELL', sell), ('HOLD', 'HOLD', hold), ('BUY', 'BUY', buy),
      ('likeliest', CASE greatest(sell, hold, buy) WHEN sell THEN 'SELL' WHEN hold THEN 'HOLD' ELSE 'BUY' END,
        greatest(sell, hold, buy))
    ) AS stated (label, named, probability)
    WHERE realised_label IS NOT NULL AND num_nulls(sell, hold, buy) = 0
    GROUP BY kind, as_of, horizon_days, model_version_id, stated.label, bin
  ), ranked AS (
    -- Equal values share the average of their ranks.
    SELECT kind, as_of, horizon_days, model_version_id,
      rank() OVER (day ORDER BY score) + (count(*) OVER (PARTITION BY kind, as_of, horizon_days, model_version_id, score) - 1) / 2.0
        AS score_rank,
      rank() OVER (day ORDER BY pct) + (count(*) OVER (PARTITION BY kind, as_of, horizon_days, model_version_id, pct) - 1) / 2.0
        AS return_rank
    FROM chances WHERE score IS NOT NULL
    WINDOW day AS (PARTITION BY kind, as_of, horizon_days, model_version_id)
  )
  INSERT INTO track_record_rank_ics
  SELECT kind, as_of, horizon_days, model_version_id, count(*), coalesce(corr(score_rank, return_rank), 0)
  FROM ranked GROUP BY kind, as_of, horizon_days, model_version_id HAVING count(*) >= 20;
END $$;
REVOKE ALL ON FUNCTION count_track_record_days(timestamptz[], integer[]) FROM PUBLIC;

-- Both run as the owner, so that no role can write the record by hand.
CREATE FUNCTION count_track_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM count_track_record_days(array_agg(as_of), array_agg(horizon_days))
  FROM (SELECT DISTINCT r.as_of, r.horizon_days FROM written w JOIN recommendations r ON r.id = w.recommendation_id) AS touched
  HAVING count(*) > 0;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_track_record() FROM PUBLIC;
CREATE FUNCTION count_market_returns() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM count_track_record_days(array_agg(as_of), array_agg(horizon_days))
  FROM (SELECT DISTINCT as_of, horizon_days FROM written) AS touched
  HAVING count(*) > 0;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_market_returns() FROM PUBLIC;

-- One trigger an event, because a transition table belongs to one.
CREATE TRIGGER recommendation_outcomes_inserted AFTER INSERT ON recommendation_outcomes
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_track_record();
CREATE TRIGGER recommendation_outcomes_updated AFTER UPDATE ON recommendation_outcomes
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_track_record();
CREATE TRIGGER track_record_market_returns_inserted AFTER INSERT ON track_record_market_returns
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_market_returns();

-- Month by month, so that memory does not grow with the years.
DO $$
DECLARE
  of_days timestamptz[];
  horizons integer[];
BEGIN
  FOR of_days, horizons IN
    SELECT array_agg(as_of), array_agg(horizon_days)
    FROM (SELECT DISTINCT as_of, horizon_days FROM recommendations) AS days
    GROUP BY date_trunc('month', as_of)
  LOOP
    PERFORM count_track_record_days(of_days, horizons);
  END LOOP;
END $$;

CREATE TRIGGER track_record_days_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON track_record_days
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers count the outcomes', 'Insert outcomes.');
CREATE TRIGGER track_record_rank_ics_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON track_record_rank_ics
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers count the outcomes', 'Insert outcomes.');
CREATE TRIGGER track_record_bins_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON track_record_bins
  FOR EACH STATEMENT EXECUTE FUNCTION keep_record('triggers count the outcomes', 'Insert outcomes.');
GRANT SELECT ON track_record_days, track_record_rank_ics, track_record_bins TO boursomatic_api;
