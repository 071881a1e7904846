-- 15-minute bars get a day a partition, in the place of a month, so that dropping partitions keeps exactly the days
-- that are wanted. What there is of them is dropped: the next intraday run asks for the whole window anyway.
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
  day_start date;
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
    FOR day_start IN
      SELECT generate_series(first_day::timestamp, last_day::timestamp, '1 day')::date
    LOOP
      year_name := 'price_bars_' || to_char(day_start, 'YYYY') || '_15m';
      leaf := year_name || '_' || to_char(day_start, 'MMDD');
      IF to_regclass(leaf) IS NULL THEN
        -- Made first and attached then: unlike to make it a partition, that waits for no reader.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', leaf, year_name);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', year_name, leaf,
          day_start, day_start + 1);
        made := made + 1;
      END IF;
    END LOOP;
  END IF;
  RETURN made;
END $$;

-- Drops the 15-minute bars of days before the first one kept, and what was noted about them. It runs as the owner
-- and can drop nothing else. A partition that is in use is left to the next call, so that nobody waits for long.
CREATE FUNCTION drop_intraday_partitions(first_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  dropped integer := 0;
  leaf text;
BEGIN
  IF first_day IS NULL THEN
    RAISE EXCEPTION 'drop_intraday_partitions: no day' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'));
  PERFORM set_config('lock_timeout', '1s', true);
  FOR leaf IN
    SELECT relname FROM pg_class
    WHERE relispartition AND relnamespace = 'public'::regnamespace
      AND (relname ~ '^price_bars_[0-9]{4}_15m_[0-9]{4}$'
             AND substr(relname, 12, 4) || right(relname, 4) < to_char(first_day, 'YYYYMMDD')
        OR relname ~ '^price_bars_[0-9]{4}_15m$' AND substr(relname, 12, 4) < to_char(first_day, 'YYYY'))
    ORDER BY length(relname) DESC, relname
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE %I', leaf);
      dropped := dropped + 1;
    EXCEPTION WHEN lock_not_available THEN
      EXIT;
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  DELETE FROM bar_revisions WHERE interval = '15m' AND ts < first_day;
  DELETE FROM quarantined_bars WHERE interval = '15m' AND ts < first_day;
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION drop_intraday_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_intraday_partitions(date) TO boursomatic_pipeline;
