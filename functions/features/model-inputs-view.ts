import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from './definitions.ts';
import { MARKET_INPUTS, RANKED_INPUTS } from './model-inputs.ts';

/**
 * The statement that creates the view `model_inputs` from the definitions. A rank is (rank - 0.5) / n over the
 * instruments that have the feature on that day, as the SQL function `day_rank` computes it. No row looks at another
 * day than its own.
 */
export function createModelInputsView(): string {
  const columns = COLUMN_FEATURE_NAMES.map((name) => `f.${name}`);
  const ranks = [...RANKED_INPUTS.keys()].map((input) => {
    const name = input.replace(/_rank$/, '');
    return `day_rank(rank() OVER (day ORDER BY ${name}), count(${name}) OVER day) AS ${input}`;
  });
  const market = Object.entries(MARKET_INPUTS).map(
    ([name, { averageOf }]) => `(avg(${averageOf}) OVER day)::real AS ${name}`,
  );
  const additional = ADDITIONAL_FEATURE_NAMES.map((name) => `${name} real`);
  const selected = [
    'f.instrument_id, f.ts, pb.c AS close_price',
    ...linesOf(columns),
    ...(additional.length > 0 ? ['x.*'] : []),
    ...ranks,
    ...market,
  ];
  const unpacked = `CROSS JOIN LATERAL jsonb_to_record(f.additional_features) AS x(\n  ${linesOf(additional).join(',\n  ')})`;
  return [
    'CREATE VIEW model_inputs AS',
    'SELECT',
    `  ${selected.join(',\n  ')}`,
    'FROM features f',
    "JOIN price_bars pb ON f.instrument_id = pb.instrument_id AND f.ts = pb.ts AND pb.interval = 'daily'",
    ...(additional.length > 0 ? [unpacked] : []),
    'WINDOW day AS (PARTITION BY f.ts);',
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
