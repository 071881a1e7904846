DROP VIEW model_inputs;
DROP FUNCTION day_rank(bigint, bigint);
