-- Administrators add and change instruments through the API. Its role may write what they may say of one, and no
-- id or time.
GRANT INSERT (symbol, exchange, name, sector, market_cap_bucket, pe_bucket) ON instruments TO boursomatic_api;
GRANT UPDATE (symbol, exchange, name, sector, market_cap_bucket, pe_bucket, is_active) ON instruments TO boursomatic_api;
