REVOKE INSERT (symbol, exchange, name, sector, market_cap_bucket, pe_bucket) ON instruments FROM boursomatic_api;
REVOKE UPDATE (symbol, exchange, name, sector, market_cap_bucket, pe_bucket, is_active) ON instruments
  FROM boursomatic_api;
