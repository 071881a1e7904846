import type { CorporateAction } from '../../../../functions/ingest/providers/provider.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { type Random, random } from '../../../market/random.ts';
import { weekdays } from './series-support.ts';

/** A series as a source sends it: adjusted bars, its actions and the factors by which it adjusted. */
export interface Fixture {
  kind: FixtureKind;
  /** The share of the price of the spoilt dividend; undefined for splits and clean series. */
  share?: number;
  bars: RawBar[];
  actions: CorporateAction[];
  adjustments: [ts: number, factor: number][];
}

export const FAULTY_KINDS = [
  'dividend not applied',
  'dividend applied twice',
  'dividend applied 100 times too small',
  'dividend applied and not told',
  'split told late',
  'split told early',
  'split not applied',
  'split applied and not told',
] as const;
export type FixtureKind = 'clean' | (typeof FAULTY_KINDS)[number];

const BARS = 600;

/** A standard normal value. */
function normal(source: Random): number {
  return Math.sqrt(-2 * Math.log(1 - source.next())) * Math.cos(2 * Math.PI * source.next());
}

/**
 * Makes a series of an invented share: fat tails, weeks of higher volatility, crashes and rallies on high volume, four
 * dividends a year, and one or two splits in some.
 */
export function makeFixture(kind: FixtureKind, seed: number): Fixture {
  const source = random(seed);
  const days = weekdays('2023-01-02', BARS);
  const volatility = source.between(0.008, 0.035);
  const isPenny = source.next() < 0.1;
  // Closes as traded in today's shares: adjusted for splits, not for dividends.
  let price = isPenny ? source.between(0.2, 1) : source.between(8, 300);
  const yearly = source.between(0.006, 0.07);
  const first = 20 + source.int(40);
  const exDays = new Map<number, number>();
  const closes: number[] = [];
  const rows: { o: number; h: number; l: number; v: number }[] = [];
  let agitation = 1;
  for (let i = 0; i < BARS; i++) {
    const dividend = i > 0 && (i - first) % 63 === 0 && i >= first ? (price * yearly) / 4 : 0;
    if (dividend > 0) exDays.set(i, dividend);
    agitation = source.next() < 0.01 ? source.between(1.5, 3.5) : 1 + (agitation - 1) * 0.95;
    // A crash or rally of a quarter to a half, about once in four years.
    const event = source.next() < 0.001 ? source.pick([-1, 1]) * source.between(0.25, 0.5) : 0;
    const tails = source.next() < 0.05 ? 2.2 : 1;
    const before = price;
    price = (before - dividend) * Math.exp(volatility * agitation * tails * normal(source) + event);
    const open = (before - dividend) * Math.exp(event * 0.8 + volatility * 0.4 * normal(source));
    const range = volatility * agitation * (1 + Math.abs(event) * 8) * Math.abs(normal(source)) + 0.001;
    rows.push({
      o: open,
      h: Math.max(open, price) * Math.exp(range / 2),
      l: Math.min(open, price) * Math.exp(-range / 2),
      v: Math.round(1e6 * Math.exp(0.4 * normal(source)) * (event === 0 ? 1 : source.between(4, 12))),
    });
    closes.push(price);
  }
  const places = [...exDays.keys()];
  const spoiltAt = source.pick(places.slice(2, -2) as [number, ...number[]]);
  const told = new Map(exDays);
  const applied = new Map(exDays);
  const amount = defined(exDays.get(spoiltAt), 'dividend');
  const share = amount / defined(closes[spoiltAt - 1], 'close');
  if (kind === 'dividend not applied') applied.delete(spoiltAt);
  if (kind === 'dividend applied twice') applied.set(spoiltAt, amount * 2);
  if (kind === 'dividend applied 100 times too small') applied.set(spoiltAt, amount / 100);
  if (kind === 'dividend applied and not told') told.delete(spoiltAt);

  const factors = new Float64Array(BARS).fill(1);
  for (let i = BARS - 1; i > 0; i--) {
    const dividend = applied.get(i) ?? 0;
    factors[i - 1] = defined(factors[i], 'factor') * (1 - dividend / defined(closes[i - 1], 'close'));
  }
  const actions: CorporateAction[] = [...told].map(([i, value]) => {
    return { exDay: toDay(defined(days[i], 'day')), kind: 'dividend', value };
  });
  // The prices that a split in the middle leaves: `level` multiplies the closes before a place.
  const ratio = source.pick([1.5, 2, 3, 4, 5, 10, 0.1, 0.2, 0.5]);
  const splitAt = 150 + source.int(300);
  const off = 1 + source.int(8);
  const levels: [before: number, factor: number][] = [];
  const tell = (i: number) =>
    actions.push({ exDay: toDay(defined(days[i], 'day')), kind: 'split', value: ratio });
  if (kind === 'clean' && source.next() < 0.5) tell(splitAt);
  if (kind === 'split told late' || kind === 'split told early') {
    // The source divides what lies before the told day, and the prices changed on another day.
    const toldAt = splitAt + (kind === 'split told late' ? off : -off);
    tell(toldAt);
    const [from, to] = [Math.min(splitAt, toldAt), Math.max(splitAt, toldAt)];
    levels.push([to, toldAt > splitAt ? 1 / ratio : ratio], [from, toldAt > splitAt ? ratio : 1 / ratio]);
  }
  if (kind === 'split not applied') {
    tell(splitAt);
    levels.push([splitAt, ratio]);
  }
  if (kind === 'split applied and not told') levels.push([splitAt, ratio]);

  const bars = rows.map(({ o, h, l, v }, i): RawBar => {
    const level = levels.reduce((product, [before, factor]) => (i < before ? product * factor : product), 1);
    const f = defined(factors[i], 'factor') * level;
    return [
      defined(days[i], 'day'),
      o * f,
      h * f,
      l * f,
      defined(closes[i], 'close') * f,
      Math.round(v / level),
    ];
  });
  // Sources send closes as 32-bit floats, or rounded to hundredths of a cent.
  const round = (value: number) => (isPenny ? Math.round(value * 1e6) / 1e6 : Math.fround(value));
  const adjustments: [number, number][] = [];
  for (const [i, close] of closes.entries()) {
    const factor = round(close * defined(factors[i], 'factor')) / round(close);
    const last = adjustments.at(-1);
    if (!last || Math.abs(factor / last[1] - 1) > 1e-5) adjustments.push([defined(days[i], 'day'), factor]);
  }
  // In a told split, dividends before it were paid on fewer shares.
  const splits = actions.filter(({ kind: one }) => one === 'split');
  const asPaid = actions.map((action) => {
    if (action.kind === 'split') return action;
    const later = splits.filter(({ exDay }) => exDay > action.exDay);
    return { ...action, value: later.reduce((value, split) => value * split.value, action.value) };
  });
  return {
    kind,
    ...(kind.startsWith('dividend') && { share }),
    bars,
    actions: asPaid.sort((a, b) => a.exDay.localeCompare(b.exDay)),
    adjustments,
  };
}
