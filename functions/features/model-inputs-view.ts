import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from './definitions.ts';
import { MARKET_INPUTS, MODEL_INPUT_NAMES, MONEY_RANKS, RANKED_INPUTS } from './model-inputs.ts';

/**
 * The features of a day with the log of their instrument's currency in US dollars; null if the currency or its rate is
 * unknown. The rate is of the day before or older, so that a row never depends on when its run fetched the day's own.
 */
export const FEATURES_IN_CURRENCIES = [
  'FROM features f',
  'JOIN instruments i ON i.id = f.instrument_id',
  'LEFT JOIN LATERAL (',
  "  SELECT 0::float8 AS log_dollars WHERE i.currency = 'USD'",
  '  UNION ALL (',
  '    SELECT ln(r.usd) FROM exchange_rates r',
  "    WHERE r.currency = i.currency AND r.ts < f.ts AND r.ts >= f.ts - interval '31 days'",
  '    ORDER BY r.ts DESC LIMIT 1',
  '  )',
  ') rate ON true',
];

/**
 * The statement that creates the view `model_inputs` from the definitions. A rank is (rank - 0.5) / n over the
 * instruments that have the feature on that day. No row looks at another day than its own, except for exchange rates,
 * which are of earlier days. Amounts of money are ranked in dollars, unless all of the day are in one currency.
 *
 * The subquery `d` has one row a day, with the sorted values of each ranked feature; the SQL function `day_rank` finds
 * a value's place among them. A condition on `ts` reaches the subquery, so that a reader pays for its own days only
 * (docs/adr/0035).
 */
export function createModelInputsView(): string {
  const ranked = [...RANKED_INPUTS.keys()].map((input) => ({ input, name: input.replace(/_rank$/, '') }));
  const market = Object.entries(MARKET_INPUTS);
  const ofDay = [
    'ts, array_agg(f) AS rows',
    'array_agg(log_dollars) AS log_dollars',
    'count(i.currency) = count(*) AND min(i.currency) = max(i.currency) AS one_currency',
    ...ranked.flatMap(({ input, name }) => [
      `${sortedValues(name)} AS ${name}_values`,
      ...(MONEY_RANKS.has(input)
        ? [`${sortedValues(`(${name} - log_dollars)`)} AS ${name}_dollar_values`]
        : []),
    ]),
    ...market.map(([name, { averageOf }]) => `avg(${averageOf})::real AS ${name}`),
  ];
  const ofRow = [
    'f.instrument_id',
    ...linesOf(COLUMN_FEATURE_NAMES.map((name) => `f.${name}`)),
    ...(ADDITIONAL_FEATURE_NAMES.length > 0 ? ['x.*'] : []),
    ...linesOf(
      ranked.map(
        ({ input, name }) => `${MONEY_RANKS.has(input) ? moneyRank(name) : rankOf(name, name)} AS ${input}`,
      ),
    ),
  ];
  return [
    'CREATE VIEW model_inputs AS',
    'SELECT',
    '  r.instrument_id, d.ts,',
    '  (SELECT b.c FROM price_bars b WHERE b.instrument_id = r.instrument_id AND b.ts = d.ts',
    "    AND b.interval = 'daily') AS close_price,",
    `  ${linesOf(MODEL_INPUT_NAMES.map((name) => `${name in MARKET_INPUTS ? 'd' : 'r'}.${name}`)).join(',\n  ')}`,
    'FROM (',
    '  SELECT',
    `    ${ofDay.join(',\n    ')}`,
    `  ${[...FEATURES_IN_CURRENCIES, ...unpackFrom('f')].join('\n  ')}`,
    '  GROUP BY ts',
    ') d',
    'CROSS JOIN LATERAL (',
    '  SELECT',
    `    ${ofRow.join(',\n    ')}`,
    ['  FROM unnest(d.rows, d.log_dollars) f', ...unpackFrom('f')].join('\n  '),
    // Keeps the planner from joining and sorting rows that still carry the values of their whole day.
    '  OFFSET 0',
    ') r;',
  ].join('\n');
}

/** The join that makes columns of the additional features of a row; none if there are no such features. */
export function unpackFrom(row: string): string[] {
  const additional = ADDITIONAL_FEATURE_NAMES.map((name) => `${name} real`);
  if (additional.length === 0) return [];
  return [
    `CROSS JOIN LATERAL jsonb_to_record(${row}.additional_features) AS x(\n  ${linesOf(additional).join(',\n  ')})`,
  ];
}

/**
 * A day's values in order. They are negated, because `width_bucket` counts the values at or below a value, and a rank
 * needs those at or above.
 */
export function sortedValues(value: string): string {
  const negated = `-${value}::float8`;
  return `array_agg(${negated} ORDER BY ${negated}) FILTER (WHERE ${value} IS NOT NULL)`;
}

function rankOf(value: string, name: string): string {
  return `day_rank(d.${name}_values, ${value})`;
}

/** The rank of a feature per unit of currency. `unnest` names the row's rate after itself. */
function moneyRank(name: string): string {
  const inDollars = rankOf(`${name} - f.unnest`, `${name}_dollar`);
  return `CASE WHEN d.one_currency THEN ${rankOf(name, name)} ELSE ${inDollars} END`;
}

/** Joins items by commas to lines of about 100 characters. */
function linesOf(items: string[]): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + item.length < 100) lines[lines.length - 1] = `${line}, ${item}`;
    else lines.push(item);
  }
  return lines;
}
