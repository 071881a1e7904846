DROP FUNCTION universe_rank(float8[], float8);
DROP TABLE universe_values, universes;
