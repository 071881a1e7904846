-- Renews the planner's statistics after a run that stored much. Autovacuum never analyses the partitioned tables
-- themselves, and the pipeline's role, which owns nothing, could not analyse them otherwise.
CREATE FUNCTION analyse_market_data() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ANALYZE price_bars, features;
END $$;
REVOKE ALL ON FUNCTION analyse_market_data() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyse_market_data() TO boursomatic_pipeline;
