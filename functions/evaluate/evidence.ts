import type { Transaction } from '../shared/database.ts';
import { ModelError } from '../shared/errors.ts';
import { readMarket } from './market.ts';
import { Measurement, pairedDifference, type ReleaseMeasures } from './measures.ts';
import { columnsOfRule, type MeasuringRule, OutcomeTables } from './outcomes.ts';
import { byMonth, type PredictedDay, parsePredictions } from './predictions-file.ts';
import type { Measure } from './resamples.ts';

/** What was measured on a release's predictions, or why nothing was. */
export type Evidence =
  | {
      fault?: undefined;
      measures: ReleaseMeasures;
      /**
       * The rank IC on e5 less the active model's, on the rows that both predicted; undefined without predictions of
       * an active model, or without common rows.
       */
      comparison: (Measure & { rows: number }) | undefined;
    }
  | { fault: string; measures?: undefined; comparison?: undefined };

/**
 * Measures predictions on the bars of the database. It stops at the first day of which a bar or a feature is missing,
 * because measures of a part are not those of the whole.
 *
 * @param predictions - content of a predictions file
 * @param active - that of the active model
 */
export async function gatherEvidence(
  tx: Transaction,
  {
    predictions,
    rule,
    active,
  }: { predictions: Uint8Array; rule: MeasuringRule; active?: Uint8Array | undefined },
): Promise<Evidence> {
  try {
    const [first] = parsePredictions(predictions);
    // Most databases have none of the bars, and need not be read.
    const fault = first && (await missingBars(tx, first));
    if (fault) return { fault };
    const outcomes = new OutcomeTables(await readMarket(tx, columnsOfRule(rule)), rule);
    const measurement = new Measurement();
    const others = active ? inStep(parsePredictions(active)) : undefined;
    const common: Common[] = [];
    for (const month of byMonth(parsePredictions(predictions))) {
      for (const predicted of month.days) {
        const measured = outcomes.measured(predicted, month.symbols);
        if ('unknown' in measured) return { fault: lacking(measured.unknown, predicted) };
        measurement.addDay(measured);
        const other = others?.(predicted.day);
        if (other) common.push(...commonRows(predicted, other, measured.outcomes.e5));
      }
    }
    const rows = common.reduce((sum, { outcome }) => sum + outcome.length, 0);
    return {
      measures: measurement.result(rule.horizonDays),
      comparison: rows > 0 ? { rows, ...pairedDifference(common, rule.horizonDays) } : undefined,
    };
  } catch (error) {
    if (error instanceof ModelError) return { fault: error.message };
    throw error;
  }
}

interface Common {
  own: number[];
  other: number[];
  outcome: number[];
}

async function missingBars(tx: Transaction, first: PredictedDay): Promise<string | undefined> {
  const [found] = await tx<{ bars: number }[]>`
    SELECT count(DISTINCT i.symbol)::int AS bars FROM instruments i
    JOIN price_bars b ON b.instrument_id = i.id AND b.interval = 'daily' AND b.ts = ${first.day}::text::timestamptz
    WHERE i.symbol IN ${tx(first.symbols)}`;
  const missing = first.symbols.length - (found?.bars ?? 0);
  return missing > 0 ? lacking(missing, first) : undefined;
}

function lacking(rows: number, { day, symbols }: PredictedDay): string {
  return `the database lacks what ${rows} of the ${symbols.length} predictions of ${day} are measured with`;
}

/** Finds the day of an ascending series, for days that are asked for in ascending order. */
function inStep(days: Generator<PredictedDay>): (day: string) => PredictedDay | undefined {
  let next = days.next();
  return (day) => {
    while (!next.done && next.value.day < day) next = days.next();
    return !next.done && next.value.day === day ? next.value : undefined;
  };
}

function commonRows(own: PredictedDay, other: PredictedDay, outcomes: readonly number[]): Common[] {
  const places = new Map(other.symbols.map((symbol, i) => [symbol, i]));
  const rows = own.symbols.flatMap((symbol, i) => {
    const place = places.get(symbol);
    return place === undefined ? [] : [{ i, place }];
  });
  if (rows.length === 0) return [];
  return [
    {
      own: rows.map(({ i }) => own.score[i] as number),
      other: rows.map(({ place }) => other.score[place] as number),
      outcome: rows.map(({ i }) => outcomes[i] as number),
    },
  ];
}
