DROP FUNCTION analyse_market_data();
