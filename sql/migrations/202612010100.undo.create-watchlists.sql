DROP TRIGGER users_erased_erase_watchlist ON users;
DROP FUNCTION erase_watchlist_of_erased_user();
DROP TABLE added_instruments;
DROP TABLE watchlist_entries;
