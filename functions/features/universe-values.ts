import { MONEY_RANKS, RANKED_INPUTS } from './model-inputs.ts';
import { FEATURES_IN_CURRENCIES, sortedValues, unpackFrom } from './model-inputs-view.ts';

/** The currency in which amounts of several currencies are compared, as in the view `model_inputs`. */
const COMMON_CURRENCY = 'USD';

/**
 * The query for the sorted values of each ranked input of a day: those among which the view `model_inputs` ranks. An
 * amount of money has them in US dollars, and also in the day's currency if there is only one.
 *
 * The parameter is the day. The rows are those of the table `universe_values` without the day.
 */
export function selectDayValues(): string {
  const ranked = [...RANKED_INPUTS.keys()].map((input) => ({ input, name: input.replace(/_rank$/, '') }));
  const columns = ranked.flatMap(({ input, name }) => [
    `${sortedValues(name)} AS ${name}_values`,
    ...(MONEY_RANKS.has(input)
      ? [`${sortedValues(`(${name} - log_dollars)`)} AS ${name}_dollar_values`]
      : []),
  ]);
  const rows = ranked.flatMap(({ input, name }) =>
    MONEY_RANKS.has(input)
      ? [
          `('${input}', '${COMMON_CURRENCY}', d.${name}_dollar_values)`,
          `('${input}', nullif(d.only_currency, '${COMMON_CURRENCY}'), CASE WHEN d.only_currency <> '${COMMON_CURRENCY}' THEN d.${name}_values END)`,
        ]
      : [`('${input}', NULL, d.${name}_values)`],
  );
  return [
    'SELECT v.* FROM (',
    '  SELECT',
    '    CASE WHEN count(i.currency) = count(*) AND min(i.currency) = max(i.currency) THEN min(i.currency) END AS only_currency,',
    `    ${columns.join(',\n    ')}`,
    `  ${[...FEATURES_IN_CURRENCIES, ...unpackFrom('f'), 'WHERE f.ts = $1'].join('\n  ')}`,
    ') d',
    `CROSS JOIN LATERAL (VALUES\n  ${rows.join(',\n  ')}\n) AS v (input, currency, negated_values)`,
    'WHERE v.negated_values IS NOT NULL',
  ].join('\n');
}

/**
 * The query for the ranks of stocks among the values of a stored universe. The ranks of its own stocks are those of the
 * view `model_inputs`, to the bit.
 *
 * The parameters are the ids of the instruments as a JSON array, the day of their features, and the universe's day. A
 * row has `instrument_id` and `ranks`: an object with the rank of each input, null if the instrument has no value.
 */
export function selectRanksInUniverse(): string {
  return [
    'SELECT f.instrument_id, jsonb_object_agg(v.input, universe_rank(v.negated_values,',
    "  (own.features ->> regexp_replace(v.input, '_rank$', ''))::real",
    `    - CASE WHEN v.currency = '${COMMON_CURRENCY}' THEN log_dollars ELSE 0 END`,
    ')) AS ranks',
    ...FEATURES_IN_CURRENCIES,
    'CROSS JOIN LATERAL (SELECT to_jsonb(f) || f.additional_features AS features OFFSET 0) own',
    'JOIN universe_values v ON v.ts = $3 AND (v.currency IS NULL OR v.currency = i.currency',
    `  OR v.currency = '${COMMON_CURRENCY}' AND NOT EXISTS (`,
    '    SELECT FROM universe_values o WHERE o.ts = v.ts AND o.input = v.input AND o.currency = i.currency',
    '  ))',
    'WHERE f.ts = $2 AND f.instrument_id IN (SELECT jsonb_array_elements_text($1)::uuid)',
    'GROUP BY f.instrument_id',
  ].join('\n');
}
