import { addDays } from './calendar.ts';
import type { Column, Fault } from './faults.ts';
import type { Random } from './random.ts';
import { type Cell, type Row, type Sheet, seconds } from './sheet.ts';
import type { Snapshot } from './snapshot.ts';
import { sessionOf } from './trading-hours.ts';
import { BARE_NAN } from './yahoo-chart.ts';
import { zonedInstant } from './zone.ts';

/**
 * Applies a fault to the rows of an answer. It leaves them unchanged if the fault does not concern rows, or finds none
 * to change.
 *
 * @param source - chooses the rows where the fault names none
 */
export function spoilSheet(sheet: Sheet, fault: Fault, source: Random): Sheet {
  const { rows } = sheet;
  const at = 'day' in fault ? rows.findIndex(({ day }) => day === fault.day) : source.int(rows.length);
  // Not at an end, so that the next row shows it to be wrong.
  const amid = 'day' in fault ? at : 1 + source.int(Math.max(0, rows.length - 2));
  const edit = (index: number, change: (row: Row) => Partial<Row>): Sheet => ({
    ...sheet,
    rows: rows.map((row, i) => (i === index ? { ...row, ...change(row) } : row)),
  });
  switch (fault.kind) {
    case 'null_prices':
      return { ...sheet, rows: withoutPrices(rows, fault.rows ?? 1, fault.only, source) };
    case 'nan_prices': {
      const nan = fault.form === 'string' ? 'NaN' : BARE_NAN;
      return edit(at, () => ({ [source.pick(['o', 'h', 'l', 'c'])]: nan }));
    }
    case 'missing_recent': {
      const gone = [...new Set(rows.map(({ day }) => day))].slice(-(fault.days ?? 1));
      return { ...sheet, rows: rows.filter(({ day }) => !gone.includes(day)) };
    }
    case 'missing_middle':
      return rows.length < 3 ? sheet : { ...sheet, rows: rows.filter((_, i) => i !== amid) };
    case 'duplicate_last':
      return { ...sheet, rows: withLastTwice(sheet) };
    case 'evening_stamps':
      return sheet.interval === 'daily' ? withEveningStamps(sheet, fault.rows ?? 3, source) : sheet;
    case 'split_unapplied':
      return rows.length < 2 ? sheet : withUnappliedSplit(sheet, Math.max(1, amid), fault.ratio ?? 4);
    case 'split_reversed':
      return edit(amid, (row) => scaled(row, 1 / (fault.ratio ?? 2), fault.ratio ?? 2));
    case 'price_jump':
      return edit(at, (row) => scaled(row, fault.factor ?? 10, 1));
    case 'slipped_decimal': {
      const key = KEYS[fault.column ?? 'close'];
      return edit(at, (row) => ({ [key]: times(row[key], fault.factor ?? 10) }));
    }
    case 'zero_prices':
      return edit(at, () => ({ o: 0, h: 0, l: 0 }));
    case 'narrow_high': {
      // A high that lies above open and close cannot be derived from them, so that another bar would be true.
      const touched = rows.flatMap(({ h, o, c }, i) => (h === Math.max(Number(o), Number(c)) ? [i] : []));
      const place = 'day' in fault ? at : touched[source.int(Math.max(1, touched.length))];
      return place === undefined
        ? sheet
        : edit(place, ({ o, c }) => ({ h: Math.max(Number(o), Number(c)) * 0.997 }));
    }
    case 'no_adjusted_close':
      return edit(at, () => ({ adj: null }));
    case 'dividend_unapplied':
      return rows.length < 2 ? sheet : withUnappliedDividend(sheet, Math.max(1, amid), fault.share ?? 0.02);
    case 'dividend_untold': {
      const rest = 1 - (fault.share ?? 0.02);
      return {
        ...sheet,
        rows: rows.map((row, i) => (i < amid ? withDividend(row, rest) : row)),
      };
    }
    case 'split_shifted':
      return rows.length < 3 ? sheet : withShiftedSplit(sheet, amid, fault.ratio ?? 4, fault.sessions ?? 2);
    case 'split_late': {
      const from = rows.length - (fault.sessions ?? 2);
      const ratio = fault.ratio ?? 4;
      return { ...sheet, rows: rows.map((row, i) => (i >= from ? scaled(row, 1 / ratio, ratio) : row)) };
    }
    case 'dividend_shifted':
    case 'dividend_misstated':
      return rows.length < 3 ? sheet : withWrongDividend(sheet, amid, fault);
    case 'mixed_units': {
      const [from, count] = [amid, fault.rows ?? 2];
      const factor = fault.factor ?? 100;
      return {
        ...sheet,
        rows: rows.map((row, i) => (i >= from && i < from + count ? scaled(row, factor, 1) : row)),
      };
    }
    case 'split_untold': {
      const ratio = fault.ratio ?? 4;
      return { ...sheet, rows: rows.map((row, i) => (i < amid ? scaled(row, ratio, 1 / ratio) : row)) };
    }
    case 'single_bar':
      return { ...sheet, rows: rows.slice(-1) };
    case 'non_positive_price':
      return edit(at, () => ({ l: fault.price ?? 0 }));
    case 'high_below_low':
      // A day without a range has no high and low to exchange.
      return edit(at, ({ h, l }) => (h === l ? { h: times(l, 0.99) } : { h: l, l: h }));
    case 'zero_volume':
      return edit(at, () => ({ v: 0 }));
    case 'negative_volume':
      return edit(at, ({ v }) => ({ v: typeof v === 'number' ? -Math.max(1, v) : v }));
    default:
      return sheet;
  }
}

/**
 * The instant of a stale answer: within the last session, or now if that is earlier.
 *
 * @param source - chooses the instant within the session
 */
export function amidLastSession({ instrument, bars, at }: Snapshot, source: Random): number {
  const day = bars.at(-1)?.day;
  if (day === undefined) return at;
  const { start, end } = sessionOf(instrument.exchange, day);
  return Math.min(at, Math.round(start + (end - start) * source.between(0.2, 0.8)));
}

/** The property of each column in a row. */
const KEYS = { open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' } as const;

function withoutPrices(rows: readonly Row[], count: number, only: Column | undefined, source: Random): Row[] {
  const left = [...rows.keys()];
  const chosen = new Set<number>();
  for (let i = 0; i < Math.min(count, rows.length); i++) {
    for (const index of left.splice(source.int(left.length), 1)) chosen.add(index);
  }
  const all = { o: null, h: null, l: null, c: null, v: null, adj: null };
  const none: Partial<Row> = only ? { [KEYS[only]]: null } : all;
  return rows.map((row, i) => (chosen.has(i) ? { ...row, ...none } : row));
}

/** Repeats the last day as Yahoo does: stamped with its open, and again with its last trade. */
function withLastTwice({ rows, interval, view }: Sheet): Row[] {
  const last = rows.at(-1);
  if (!last) return [];
  if (interval === '15m') return [...rows, last];
  const { start, end } = sessionOf(view.instrument.exchange, last.day);
  const again = last.ts === seconds(start) ? seconds(end) : last.ts;
  return [...rows.slice(0, -1), { ...last, ts: seconds(start) }, { ...last, ts: again }];
}

/** Stamps some days, but not the last one, with 22:00 or 23:00 of the evening before at the exchange. */
function withEveningStamps(sheet: Sheet, count: number, source: Random): Sheet {
  const { timeZone } = sheet.view.instrument.exchange;
  const first = source.int(Math.max(1, sheet.rows.length - 1));
  const time = source.pick(['22:00', '23:00']);
  const rows = sheet.rows.map((row, i) => {
    const isStamped = i >= first && i < first + count && i < sheet.rows.length - 1;
    return isStamped ? { ...row, ts: seconds(zonedInstant(addDays(row.day, -1), time, timeZone)) } : row;
  });
  return { ...sheet, rows };
}

function withUnappliedSplit(sheet: Sheet, index: number, ratio: number): Sheet {
  const first = sheet.rows[index];
  if (!first) return sheet;
  // An action is stamped with the open of its day, also among intraday rows.
  const ts = seconds(sessionOf(sheet.view.instrument.exchange, first.day).start);
  const rows = sheet.rows.map((row) => (row.day < first.day ? scaled(row, ratio, 1 / ratio) : row));
  return { ...sheet, rows, events: [...sheet.events, { kind: 'split', ts, value: ratio }] };
}

function withUnappliedDividend(sheet: Sheet, index: number, share: number): Sheet {
  const [before, first] = [sheet.rows[index - 1], sheet.rows[index]];
  if (!first || typeof before?.c !== 'number') return sheet;
  const ts = seconds(sessionOf(sheet.view.instrument.exchange, first.day).start);
  return { ...sheet, events: [...sheet.events, { kind: 'dividend', ts, value: before.c * share }] };
}

/** Announces a split for a day that is some sessions from the one on which the prices change. */
function withShiftedSplit(sheet: Sheet, index: number, ratio: number, sessions: number): Sheet {
  const toldAt = Math.min(sheet.rows.length - 1, Math.max(0, index + sessions));
  const told = sheet.rows[toldAt];
  if (!told || toldAt === index) return sheet;
  // Earlier prices are divided up to the announced day: twice if it is late, not enough if it is early.
  const level = toldAt > index ? 1 / ratio : ratio;
  const [from, to] = [Math.min(index, toldAt), Math.max(index, toldAt)];
  const rows = sheet.rows.map((row, i) => (i >= from && i < to ? scaled(row, level, 1 / level) : row));
  const ts = seconds(sessionOf(sheet.view.instrument.exchange, told.day).start);
  return { ...sheet, rows, events: [...sheet.events, { kind: 'split', ts, value: ratio }] };
}

/** Takes off a dividend, and announces another amount, or the amount on another day. */
function withWrongDividend(
  sheet: Sheet,
  index: number,
  fault: Extract<Fault, { kind: 'dividend_shifted' | 'dividend_misstated' }>,
): Sheet {
  const share = fault.share ?? 0.02;
  const shift = fault.kind === 'dividend_shifted' ? (fault.sessions ?? 3) : 0;
  const toldAt = Math.min(sheet.rows.length - 1, Math.max(1, index + shift));
  const [before, told] = [sheet.rows[toldAt - 1], sheet.rows[toldAt]];
  if (!told || typeof before?.c !== 'number') return sheet;
  const value = before.c * share * (fault.kind === 'dividend_misstated' ? (fault.times ?? 100) : 1);
  const ts = seconds(sessionOf(sheet.view.instrument.exchange, told.day).start);
  const rows = sheet.rows.map((row, i) => (i < index ? withDividend(row, 1 - share) : row));
  return { ...sheet, rows, events: [...sheet.events, { kind: 'dividend', ts, value }] };
}

/** A row from before a dividend, of which `rest` is left. */
function withDividend(row: Row, rest: number): Row {
  return { ...row, adj: times(row.adj, rest), factor: row.factor * rest };
}

function scaled(row: Row, price: number, volume: number): Row {
  const { o, h, l, c, v, adj } = row;
  return {
    ...row,
    o: times(o, price),
    h: times(h, price),
    l: times(l, price),
    c: times(c, price),
    v: times(v, volume),
    adj: times(adj, price),
  };
}

function times(cell: Cell, factor: number): Cell {
  return typeof cell === 'number' ? cell * factor : cell;
}
