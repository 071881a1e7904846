import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from './definitions.ts';
import { MARKET_INPUTS, MODEL_INPUT_NAMES, RANKED_INPUTS } from './model-inputs.ts';

/**
 * The statement that creates the view `model_inputs` from the definitions. A rank is (rank - 0.5) / n over the
 * instruments that have the feature on that day. No row looks at another day than its own.
 *
 * The subquery `d` has one row a day, with the sorted values of each ranked feature; the SQL function `day_rank` finds
 * a value's place among them. A condition on `ts` reaches the subquery, so that a reader pays for its own days only
 * (docs/adr/0035).
 */
export function createModelInputsView(): string {
  const ranked = [...RANKED_INPUTS.keys()].map((input) => ({ input, name: input.replace(/_rank$/, '') }));
  const market = Object.entries(MARKET_INPUTS);
  const additional = ADDITIONAL_FEATURE_NAMES.map((name) => `${name} real`);
  const unpackFrom = (row: string) =>
    additional.length > 0
      ? [
          `CROSS JOIN LATERAL jsonb_to_record(${row}.additional_features) AS x(\n  ${linesOf(additional).join(',\n  ')})`,
        ]
      : [];
  // Negated, because width_bucket counts the values at or below a value, and a rank needs those at or above.
  const negated = (name: string) => `-${name}::float8`;
  const ofDay = [
    'ts, array_agg(f) AS rows',
    ...ranked.map(
      ({ name }) =>
        `array_agg(${negated(name)} ORDER BY ${negated(name)}) FILTER (WHERE ${name} IS NOT NULL) AS ${name}_values`,
    ),
    ...market.map(([name, { averageOf }]) => `avg(${averageOf})::real AS ${name}`),
  ];
  const ofRow = [
    'f.instrument_id',
    ...linesOf(COLUMN_FEATURE_NAMES.map((name) => `f.${name}`)),
    ...(additional.length > 0 ? ['x.*'] : []),
    ...linesOf(ranked.map(({ input, name }) => `day_rank(d.${name}_values, ${name}) AS ${input}`)),
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
    ['  FROM features f', ...unpackFrom('f')].join('\n  '),
    '  GROUP BY ts',
    ') d',
    'CROSS JOIN LATERAL (',
    '  SELECT',
    `    ${ofRow.join(',\n    ')}`,
    ['  FROM unnest(d.rows) f', ...unpackFrom('f')].join('\n  '),
    // Keeps the planner from joining and sorting rows that still carry the values of their whole day.
    '  OFFSET 0',
    ') r;',
  ].join('\n');
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
