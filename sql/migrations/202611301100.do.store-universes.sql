-- The stocks of a day that others are compared with: how the scores of the active model depend on two inputs, the sorted
-- scores, and the sorted values of each ranked input. With them, one stock is scored alone (docs/adr/0043).
CREATE TABLE universes (
  ts timestamptz PRIMARY KEY CHECK (date_trunc('day', ts, 'UTC') = ts),
  model_version_id uuid NOT NULL REFERENCES model_versions (id),
  stocks int NOT NULL CHECK (stocks > 0),
  mean_score float8 NOT NULL,
  first_mean float8 NOT NULL,
  second_mean float8 NOT NULL,
  first_slope float8 NOT NULL,
  second_slope float8 NOT NULL,
  deviation float8 NOT NULL CHECK (deviation >= 0),
  scores float8[] NOT NULL,
  market jsonb NOT NULL
);
COMMENT ON COLUMN universes.stocks IS 'Stocks that had every input of the model';
COMMENT ON COLUMN universes.scores IS 'Neutral scores in ascending order, at quantiles if there are fewer than stocks';
COMMENT ON COLUMN universes.market IS 'The inputs that are equal for all stocks of the day, by name';

CREATE TABLE universe_values (
  ts timestamptz NOT NULL REFERENCES universes ON DELETE CASCADE,
  input text NOT NULL,
  currency text,
  negated_values float8[] NOT NULL,
  UNIQUE NULLS NOT DISTINCT (ts, input, currency)
);
COMMENT ON COLUMN universe_values.currency IS 'Of an amount of money: the currency of its values; null for any other input';
COMMENT ON COLUMN universe_values.negated_values IS 'The values negated and in ascending order, as day_rank takes them';

GRANT SELECT, INSERT, UPDATE, DELETE ON universes TO boursomatic_pipeline;
GRANT SELECT, INSERT, DELETE ON universe_values TO boursomatic_pipeline;

-- The rank of a value among the stored values of a day. A stored value has the rank that the view model_inputs gave it;
-- any other has the rank that it would have if it was added to them.
CREATE FUNCTION universe_rank(negated float8[], value float8) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN negated[width_bucket(-value, negated)] = -value THEN day_rank(negated, value)
  ELSE ((cardinality(negated) - width_bucket(-value, negated) + 0.5::float8) / (cardinality(negated) + 1))::real
END;
