import { chancesOf, type TwoChances } from '../../functions/infer/chances.ts';
import { retrainingNotice } from '../../functions/infer/data-age.ts';
import { edgesOf } from '../../functions/infer/edge.ts';
import type { Universe } from '../../functions/infer/universe.ts';
import { universeNote } from '../../functions/infer/universe-note.ts';
import { type CallKind, KIND_WORDS } from '../../functions/shared/call-kinds.ts';
import { type Label, PROFILES, type Profile, type Purpose } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { DAY_MS } from '../../functions/shared/days.ts';
import { isCovered } from '../../functions/shared/ledger.ts';
import { type Mark, marksOf, UNVALIDATED_MARKET } from '../../functions/shared/model-market.ts';
import { counted, paragraph } from '../terminal/paragraph.ts';
import { table } from '../terminal/table.ts';

/** Most instruments in the printed table; of more, those with the most confident calls are shown. */
const LONGEST_TABLE = 25;

/** Most instruments whose reasons, or whose failures, are printed. */
const LONGEST_LIST = 8;

/** Profile whose stop, target and reasons are printed. */
const SHOWN_PROFILE: Profile = 'moderate';

/** Width of a column of profiles. */
const LONGEST_PROFILE = Math.max(...PROFILES.map((profile) => profile.length));

interface Call {
  label: Label;
  confidence: number;
  stop: number;
  target: number;
  justification: string;
}

interface InstrumentCalls {
  symbol: string;
  /** The day of the bar that the calls are based on, `YYYY-MM-DD`. */
  day: string;
  currency: string | null;
  /** Whether the latest run could not renew the calls. */
  isCarriedOver: boolean;
  /** The marks of the stock, and a kind of call that does not count. */
  marks: (Mark | Exclude<CallKind, 'live'>)[];
  /** Null where they were not stored. */
  chances: TwoChances | null;
  close: number;
  expectedReturnPct: number;
  horizonDays: number;
  /** The stocks that it was compared with; null in calls of models before v1.0.0. */
  universe: Universe | null;
  calls: Map<Profile, Call>;
}

/**
 * The recommendations of a run as text: a table, the model's edges so far, the reasons, earlier calls that the run could
 * not renew, and the instruments without a new recommendation.
 */
export async function recommendationsReport(sql: Sql, runId: string, asOf: string): Promise<string> {
  const calls = await readCalls(sql, runId, asOf);
  const instruments = calls.filter(({ isCarriedOver }) => !isCarriedOver);
  const carriedOver = calls.filter(({ isCarriedOver }) => isCarriedOver);
  const [first] = instruments;
  const parts: string[] = [];
  if (first) {
    const { horizonDays } = first;
    instruments.sort(instruments.length > LONGEST_TABLE ? byConviction : bySymbolName);
    parts.push(`${callsTable(instruments.slice(0, LONGEST_TABLE))}\n${legend(horizonDays, instruments)}`);
    const hidden = instruments.length - LONGEST_TABLE;
    if (hidden > 0) parts.push(`… and ${hidden} more. The table shows the most confident calls.`);
    parts.push(...universeNotes(instruments));
    parts.push(tally(instruments), await modelText(sql, runId), reasons(instruments));
  }
  if (carriedOver.length > 0) parts.push(carriedOverText(carriedOver, asOf));
  const failures = await readFailures(sql, runId);
  const ofReference = failures.filter(({ purpose }) => purpose === 'reference');
  const ofBenchmark = failures.filter(({ purpose }) => purpose === 'benchmark');
  const ofCalls = failures.filter(
    (failure) => !ofReference.includes(failure) && !ofBenchmark.includes(failure),
  );
  if (ofCalls.length > 0) parts.push(failuresText(ofCalls));
  if (ofReference.length > 0)
    parts.push(paragraph(`Reference stocks without this run's prices: ${named(ofReference)}.`));
  if (ofBenchmark.length > 0)
    parts.push(
      paragraph(`The benchmark has no prices of this run: ${named(ofBenchmark)}. No call depends on it.`),
    );
  return parts.join('\n\n');
}

interface CallRow {
  symbol: string;
  exchange: string;
  profile: Profile;
  label: Label;
  confidence: number;
  expected_return_pct: number;
  horizon_days: number;
  stop_loss: number;
  take_profit: number;
  justification: string;
  probabilities: Record<Label, number> | null;
  close: number;
  currency: string | null;
  day: string;
  universe: Universe | null;
  is_carried_over: boolean;
  kind: CallKind;
}

/** @returns by symbol */
async function readCalls(sql: Sql, runId: string, asOf: string): Promise<InstrumentCalls[]> {
  const rows = await sql<CallRow[]>`
    SELECT DISTINCT ON (i.symbol, r.profile) i.symbol, i.exchange, i.currency, r.profile, r.label, r.confidence, r.expected_return_pct,
      r.horizon_days, r.stop_loss, r.take_profit, r.justification,
      r.explanation -> 'probabilities' AS probabilities,
      (r.features_snapshot ->> 'close_price')::float8 AS close, to_char(r.as_of, 'YYYY-MM-DD') AS day,
      r.explanation -> 'universe' AS universe,
      r.is_active AND r.is_carried_over AS is_carried_over, r.kind
    FROM pipeline_runs run
    JOIN recommendations r ON (r.is_active OR r.run_id = run.id)
      AND r.as_of <= ${asOf}::timestamptz AND r.as_of > ${asOf}::timestamptz - interval '7 days'
    JOIN instruments i ON i.id = r.instrument_id AND ${isCovered(sql)}
    WHERE run.id = ${runId}
    ORDER BY i.symbol, r.profile, r.as_of DESC, r.generated_at DESC`;
  const bySymbol = new Map<string, InstrumentCalls>();
  for (const row of rows) {
    const instrument: InstrumentCalls = bySymbol.get(row.symbol) ?? {
      symbol: row.symbol,
      day: row.day,
      currency: row.currency,
      isCarriedOver: row.is_carried_over,
      marks: [...(row.kind === 'live' ? [] : [row.kind]), ...marksOf(row)],
      chances: row.probabilities && chancesOf(row.probabilities),
      close: row.close,
      expectedReturnPct: row.expected_return_pct,
      horizonDays: row.horizon_days,
      universe: row.universe,
      calls: new Map(),
    };
    const { label, confidence, stop_loss: stop, take_profit: target, justification } = row;
    instrument.calls.set(row.profile, { label, confidence, stop, target, justification });
    bySymbol.set(row.symbol, instrument);
  }
  return [...bySymbol.values()].sort(bySymbolName);
}

function bySymbolName(a: InstrumentCalls, b: InstrumentCalls): number {
  return a.symbol.localeCompare(b.symbol);
}

function byConviction(a: InstrumentCalls, b: InstrumentCalls): number {
  return conviction(b) - conviction(a) || bySymbolName(a, b);
}

/** BUY and SELL before HOLD, then by confidence. */
function conviction({ calls }: InstrumentCalls): number {
  const call = calls.get(SHOWN_PROFILE);
  return call ? (call.label === 'HOLD' ? 0 : 1) + call.confidence : -1;
}

const COLOURS: Record<Label, string | undefined> = { BUY: 'green', HOLD: undefined, SELL: 'red' };

/** Heading of a profile's column. */
const headingOf = (profile: Profile) => `${profile.charAt(0).toUpperCase()}${profile.slice(1)}`;

function callsTable(instruments: readonly InstrumentCalls[]): string {
  // The bars of some instruments may end earlier, for example on a holiday of their exchange.
  const showsDays = new Set(instruments.map(({ day }) => day)).size > 1;
  const showsCurrencies = instruments.some(({ currency }) => currency !== null);
  const marked = markColumn(instruments);
  const rows = instruments.map((instrument) => {
    const { symbol, day, currency, close, expectedReturnPct, chances, calls } = instrument;
    const shown = calls.get(SHOWN_PROFILE);
    return {
      Symbol: symbol,
      ...marked(instrument),
      ...(showsDays && { 'As of': day }),
      ...(showsCurrencies && { Currency: currency ?? '' }),
      Close: close.toFixed(2),
      'Large move': shareText(chances?.largeMove),
      'Then up': shareText(chances?.up),
      'vs average': `${expectedReturnPct >= 0 ? '+' : ''}${expectedReturnPct.toFixed(2)} points`,
      ...callsOfProfiles(calls),
      Stop: shown ? shown.stop.toFixed(2) : '',
      Target: shown ? shown.target.toFixed(2) : '',
    };
  });
  const labels = new Map(instruments.map(({ symbol, calls }) => [symbol, calls.get(SHOWN_PROFILE)?.label]));
  return table(rows, {
    right: ['Close', 'Large move', 'Then up', 'vs average', ...PROFILES.map(headingOf), 'Stop', 'Target'],
    colour: ({ Symbol: symbol = '' }) => {
      const label = labels.get(symbol);
      return label && COLOURS[label];
    },
  });
}

/** The columns of the profiles. */
function callsOfProfiles(calls: ReadonlyMap<Profile, Call>): Record<string, string> {
  return Object.fromEntries(PROFILES.map((profile) => [headingOf(profile), calls.get(profile)?.label ?? '']));
}

/** The column that marks instruments outside the model's market; none if no instrument is marked. */
function markColumn(
  instruments: readonly InstrumentCalls[],
): (of: InstrumentCalls) => Record<string, string> {
  if (instruments.every(({ marks }) => marks.length === 0)) return () => ({});
  return ({ marks }) => ({ Mark: marks.join(' ') });
}

/** Formats 0.65 as 65%. */
function shareText(share: number | undefined): string {
  return share === undefined ? 'not stored' : `${(share * 100).toFixed(0)}%`;
}

function legend(horizonDays: number, instruments: readonly InstrumentCalls[]): string {
  const words = { ...KIND_WORDS, unvalidated_market: UNVALIDATED_MARKET };
  const used = new Set(instruments.flatMap(({ marks }) => marks));
  const explained = [...used].map((mark) => ` ${mark}: ${words[mark]}`).join('');
  return paragraph(
    `Large move: the chance that the stock clearly beats or lags the average stock over the next ${horizonDays} trading ` +
      `days. Then up: in that case, the chance of beating it; a coin has 50%. vs average: the estimated return over ` +
      'these days less that of the average stock, in percentage points. ' +
      'BUY: among the best stocks of its day. SELL: among the worst. HOLD: neither, or too volatile. ' +
      `Stop and target are the stop-loss and take-profit prices of the ${SHOWN_PROFILE} profile. ` +
      `All prices are adjusted for splits and dividends.${explained}`,
  );
}

/** The end of the model's training data, and its edges on past days. */
async function modelText(sql: Sql, runId: string): Promise<string> {
  const [model] = await sql<{ metrics: unknown; dataTo: string | null }[]>`
    SELECT m.metrics_json AS metrics, to_char(m.data_to, 'YYYY-MM-DD') AS "dataTo"
    FROM pipeline_runs run JOIN model_versions m ON m.id = run.model_version_id WHERE run.id = ${runId}`;
  if (!model) return '';
  const { metrics, dataTo } = model;
  const edges = edgesOf(metrics).map(({ profile, words }) =>
    paragraph(`${profile.padEnd(LONGEST_PROFILE)}  ${words}`, 2, LONGEST_PROFILE + 2),
  );
  const learned =
    dataTo === null
      ? 'The last day of the prices that the model learned from is not known.'
      : `The model learned from prices up to ${dataTo}.`;
  return [
    paragraph(retrainingNotice(dataTo) ?? learned),
    "How each profile's share of stocks did on days that the model had not seen:",
    ...edges,
  ].join('\n');
}

/** One sentence for each earlier day with whose stocks some stocks were compared. */
function universeNotes(instruments: readonly InstrumentCalls[]): string[] {
  const notes = Map.groupBy(instruments, ({ universe, day }) => universe && universeNote(universe, day));
  return [...notes].flatMap(([note, of]) => (note ? [paragraph(`${named(of)}: ${note}`)] : []));
}

/** The symbols of some instruments, at most {@link LONGEST_LIST}. */
function named(instruments: readonly { symbol: string }[]): string {
  const symbols = instruments.slice(0, LONGEST_LIST).map(({ symbol }) => symbol);
  const hidden = instruments.length - symbols.length;
  return `${symbols.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

function tally(instruments: readonly InstrumentCalls[]): string {
  const lines = PROFILES.map((profile) => {
    const count = (label: Label) =>
      instruments.filter(({ calls }) => calls.get(profile)?.label === label).length;
    return `  ${profile.padEnd(LONGEST_PROFILE)}  ${count('BUY')} BUY, ${count('HOLD')} HOLD, ${count('SELL')} SELL`;
  });
  return `Calls by profile:\n${lines.join('\n')}`;
}

function reasons(instruments: readonly InstrumentCalls[]): string {
  const lines = instruments.slice(0, LONGEST_LIST).flatMap(({ symbol, calls }) => {
    const call = calls.get(SHOWN_PROFILE);
    return call ? [paragraph(`${symbol}: ${call.justification}`, 2, 2)] : [];
  });
  return `Why (${SHOWN_PROFILE} profile):\n${lines.join('\n')}`;
}

/** The calls that the run could not renew, with their day and age. */
function carriedOverText(instruments: readonly InstrumentCalls[], asOf: string): string {
  const marked = markColumn(instruments);
  const rows = instruments.slice(0, LONGEST_LIST).map((instrument) => ({
    Symbol: instrument.symbol,
    ...marked(instrument),
    'As of': instrument.day,
    Age: counted((Date.parse(asOf) - Date.parse(instrument.day)) / DAY_MS, 'day'),
    ...callsOfProfiles(instrument.calls),
  }));
  const hidden = instruments.length - rows.length;
  const more = hidden > 0 ? `\n… and ${hidden} more.` : '';
  const shown = table(rows, { right: ['Age', ...PROFILES.map(headingOf)] });
  return `Earlier calls that this run could not renew:\n${shown}${more}`;
}

interface Failure {
  symbol: string;
  reason_code: string;
  message: string;
  purpose: Purpose | null;
}

function readFailures(sql: Sql, runId: string): Promise<Failure[]> {
  return sql<Failure[]>`
    SELECT DISTINCT ON (f.symbol) f.symbol, f.reason_code, f.message,
      i.purpose
    FROM pipeline_failures f LEFT JOIN instruments i ON i.symbol = f.symbol AND i.is_active
    WHERE f.run_id = ${runId} ORDER BY f.symbol`;
}

function failuresText(failures: readonly Failure[]): string {
  const lines = failures.slice(0, LONGEST_LIST).map(({ symbol, message, reason_code }) =>
    // Messages of providers begin with the symbol.
    paragraph(`${symbol}: ${message.replace(`${symbol}: `, '')} (${reason_code})`, 2, 2),
  );
  const hidden = failures.length - lines.length;
  if (hidden > 0) lines.push(`  … and ${hidden} more; the table pipeline_failures lists all.`);
  return `Without a new recommendation:\n${lines.join('\n')}`;
}
