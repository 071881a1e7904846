DROP FUNCTION drop_intraday_partitions(date);
DO $$
DECLARE
  leaf text;
BEGIN
  FOR leaf IN
    SELECT relname FROM pg_class
    WHERE relispartition AND relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ '^price_bars_[0-9]{4}_15m_'
  LOOP
    EXECUTE format('DROP TABLE %I', leaf);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ensure_partitions(bar_interval text, first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  made integer := 0;
  year_start date;
  month_start date;
  year_name text;
  leaf text;
BEGIN
  IF bar_interval NOT IN ('daily', '15m') OR first_day > last_day OR first_day < DATE '1900-01-01'
     OR last_day > DATE '2200-01-01' THEN
    RAISE EXCEPTION 'ensure_partitions: interval %, days % to %', bar_interval, first_day, last_day
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'));
  FOR year_start IN
    SELECT generate_series(date_trunc('year', first_day::timestamp), last_day::timestamp, '1 year')::date
  LOOP
    year_name := 'price_bars_' || to_char(year_start, 'YYYY');
    IF to_regclass(year_name) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF price_bars FOR VALUES FROM (%L) TO (%L) PARTITION BY LIST (interval)',
        year_name, year_start, (year_start + interval '1 year')::date);
      made := made + 1;
    END IF;
    leaf := year_name || '_' || bar_interval;
    IF to_regclass(quote_ident(leaf)) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%L) %s', leaf, year_name, bar_interval,
        CASE bar_interval WHEN '15m' THEN 'PARTITION BY RANGE (ts)' ELSE '' END);
      made := made + 1;
    END IF;
    leaf := 'features_' || to_char(year_start, 'YYYY');
    IF bar_interval = 'daily' AND to_regclass(leaf) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF features FOR VALUES FROM (%L) TO (%L)',
        leaf, year_start, (year_start + interval '1 year')::date);
      made := made + 1;
    END IF;
  END LOOP;
  IF bar_interval = '15m' THEN
    FOR month_start IN
      SELECT generate_series(date_trunc('month', first_day::timestamp), last_day::timestamp, '1 month')::date
    LOOP
      leaf := 'price_bars_' || to_char(month_start, 'YYYY') || '_15m_' || to_char(month_start, 'MM');
      IF to_regclass(leaf) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', leaf,
          'price_bars_' || to_char(month_start, 'YYYY') || '_15m', month_start, (month_start + interval '1 month')::date);
        made := made + 1;
      END IF;
    END LOOP;
  END IF;
  RETURN made;
END $$;
