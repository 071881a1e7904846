DROP TABLE instrument_fetches;
ALTER TABLE price_bars DROP COLUMN source;
