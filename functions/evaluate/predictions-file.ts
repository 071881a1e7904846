import { gunzipSync } from 'node:zlib';
import { PREDICTIONS_FILE } from '../infer/manifest.ts';
import { ModelError } from '../shared/errors.ts';

const HEADER = 'date,symbol,score,p_sell,p_buy';

/** The predictions of a day, one value per row in the file's order. */
export interface PredictedDay {
  /** `YYYY-MM-DD`. */
  day: string;
  symbols: string[];
  /** Orders the rows of a day. */
  score: number[];
  /** Of SELL, HOLD and BUY. */
  probabilities: [number, number, number][];
}

/**
 * Reads a release's predictions file day by day, of which only one is in memory as numbers. Its first row of a day names
 * the date, and HOLD has the probability that SELL and BUY leave.
 *
 * @throws ModelError naming the line that is malformed, out of order or repeated
 */
export function* parsePredictions(content: Uint8Array): Generator<PredictedDay> {
  const text = unzipped(content);
  let at = text.indexOf('\n') + 1;
  if (text.slice(0, at).trimEnd() !== HEADER)
    throw new ModelError(`${PREDICTIONS_FILE}: its first line is not ${HEADER}`);
  let current: PredictedDay | undefined;
  let symbols = new Set<string>();
  for (let number = 2; at < text.length; number++) {
    const end = text.indexOf('\n', at);
    const { day, symbol, score, probabilities } = parseLine(
      text.slice(at, end < 0 ? undefined : end),
      number,
    );
    at = end < 0 ? text.length : end + 1;
    if (day !== '') {
      if (current && current.day >= day) throw fault(number, 'is not of a later day than the line before');
      if (current) yield current;
      current = { day, symbols: [], score: [], probabilities: [] };
      symbols = new Set();
    }
    if (!current) throw fault(number, 'names no date');
    if (symbols.has(symbol)) throw fault(number, `repeats ${symbol}`);
    symbols.add(symbol);
    current.symbols.push(symbol);
    current.score.push(score);
    current.probabilities.push(probabilities);
  }
  if (!current) throw new ModelError(`${PREDICTIONS_FILE}: has no rows`);
  yield current;
}

/** Groups ascending days by month, with all symbols of the month. */
export function* byMonth(
  days: Iterable<PredictedDay>,
): Generator<{ days: PredictedDay[]; symbols: ReadonlySet<string> }> {
  let month: PredictedDay[] = [];
  const whole = () => ({ days: month, symbols: new Set(month.flatMap(({ symbols }) => symbols)) });
  for (const day of days) {
    if (month[0] && month[0].day.slice(0, 7) !== day.day.slice(0, 7)) {
      yield whole();
      month = [];
    }
    month.push(day);
  }
  if (month.length > 0) yield whole();
}

function unzipped(content: Uint8Array): string {
  try {
    return gunzipSync(content).toString();
  } catch (cause) {
    throw new ModelError(`${PREDICTIONS_FILE}: is not a gzip file`, { cause });
  }
}

function parseLine(line: string, number: number) {
  const fields = line.split(',');
  const [day = '', symbol = ''] = fields;
  const [score = Number.NaN, sell = Number.NaN, buy = Number.NaN] = fields
    .slice(2)
    .map((field) => (field === '' ? Number.NaN : Number(field)));
  // Three decimals, of which the sum must not leave a trace.
  const hold = Math.round((1 - sell - buy) * 1e6) / 1e6;
  const areShares = [sell, hold, buy].every((share) => share >= 0 && share <= 1);
  const isWhole = fields.length === 5 && symbol !== '' && /^(\d{4}-\d{2}-\d{2})?$/.test(day);
  if (!isWhole || !Number.isFinite(score) || !areShares)
    throw fault(number, 'is not a day or nothing, a symbol, a score and two probabilities');
  return { day, symbol, score, probabilities: [sell, hold, buy] as [number, number, number] };
}

function fault(number: number, what: string): ModelError {
  return new ModelError(`${PREDICTIONS_FILE}: line ${number} ${what}`);
}
