DROP FUNCTION ensure_partitions(text, date, date);
