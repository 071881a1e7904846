import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from './definitions.ts';
import { MARKET_INPUTS, MONEY_RANKS, RANKED_INPUTS } from './model-inputs.ts';

/**
 * The log of an instrument's currency in US dollars; no row if the currency or its rate is unknown. The rate is of the
 * day before or older, so that a row never depends on when its run fetched the day's own rate.
 */
const RATE = `LEFT JOIN LATERAL (
  SELECT 0 AS log_dollars WHERE i.currency = 'USD'
  UNION ALL (
    SELECT ln(r.usd) FROM exchange_rates r
    WHERE r.currency = i.currency AND r.ts < f.ts AND r.ts >= f.ts - interval '31 days'
    ORDER BY r.ts DESC LIMIT 1
  )
) rate ON true`;

/**
 * The statement that creates the view `model_inputs` from the definitions. A rank is (rank - 0.5) / n over the
 * instruments that have the feature on that day, as the SQL function `day_rank` computes it. No row looks at another
 * day than its own, except for exchange rates, which are of earlier days.
 */
export function createModelInputsView(): string {
  const columns = COLUMN_FEATURE_NAMES.map((name) => `f.${name}`);
  const ranks = [...RANKED_INPUTS.keys()].map((input) => {
    const name = input.replace(/_rank$/, '');
    return `${MONEY_RANKS.has(input) ? moneyRank(name) : rankOf(name)} AS ${input}`;
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
    'JOIN instruments i ON i.id = f.instrument_id',
    RATE,
    ...(additional.length > 0 ? [unpacked] : []),
    'WINDOW day AS (PARTITION BY f.ts);',
  ].join('\n');
}

function rankOf(value: string): string {
  return `day_rank(rank() OVER (day ORDER BY ${value}), count(${value}) OVER day)`;
}

/** The rank of a feature per unit of currency, in dollars. If a day has one currency alone, no rate is needed. */
function moneyRank(name: string): string {
  return [
    'CASE WHEN count(i.currency) OVER day = count(*) OVER day AND min(i.currency) OVER day = max(i.currency) OVER day',
    `    THEN ${rankOf(name)}`,
    `    ELSE ${rankOf(`${name} - log_dollars`)} END`,
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
