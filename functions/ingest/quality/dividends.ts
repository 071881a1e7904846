import { toDay } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import type { LevelDoubt } from './findings.ts';
import { median, ordinaryMove, stepAt } from './levels.ts';

/** The largest difference between the told and the applied share of a dividend, as a share of the told one. */
const NEAR = 1 / 4;

/** Smaller differences are within the precision of the sources' adjusted closes. */
const PRECISION = 3e-4;

/** A step of the factor without an action is doubted from this share of the price on. */
const LEAST_UNTOLD = 1e-3;

/** Sources apply a dividend up to this many bars before or after its ex day. */
const BARS_OFF = 1;

/** Bars whose median shows the factor before and after a step. */
const WINDOW = 3;

/** A dividend of at least this share, and this many ordinary moves, must show in the prices themselves. */
const LEAST_VISIBLE = 0.08;
const VISIBLE = 8;

/** How far, in ordinary moves, a price may be from one that ignored its dividend. */
const IGNORED = 3;

/**
 * Compares the dividends that a source reports with the factors by which it adjusted its closes. On an ex day, the
 * factor grows by 1 / (1 − dividend / previous close). Another step means that the dividend was not applied, applied
 * twice or in another unit, and a step without a dividend that one is missing or never was.
 *
 * @param bars - sound bars, adjusted by the factors
 * @param adjustments - the factor at the first bar and wherever it changes, ascending
 */
export function findDividendDoubts(
  bars: readonly RawBar[],
  actions: readonly CorporateAction[],
  adjustments: readonly (readonly [ts: number, factor: number])[] | undefined,
): LevelDoubt[] {
  if (!adjustments || adjustments.length === 0 || bars.length < 2) return [];
  const factors = factorsOf(bars, adjustments);
  const told = toldShares(bars, actions, factors);
  const doubts: LevelDoubt[] = [];
  for (const [i, { amount, exDay }] of told) {
    const before = defined(bars[i - 1], 'bar before the ex day');
    const close = before[4] / defined(factors[i - 1], 'factor');
    // Dividends within the tolerated days of each other are applied together.
    const near = [...told].filter(([j]) => Math.abs(j - i) <= BARS_OFF);
    const share = near.reduce((sum, [, one]) => sum + one.amount, 0) / close;
    const applied = appliedShare(factors, i);
    const isWrong = Math.abs(applied.share - share) > Math.max(NEAR * share, PRECISION, 3 * applied.noise);
    if (!isWrong && !isIgnored(bars, i, share)) continue;
    const percent = (value: number) => `${(value * 100).toPrecision(3)}%`;
    const what = isWrong ? `the source took off ${percent(applied.share)}` : 'the prices did not fall by it';
    const message = `dividend of ${amount} on ${exDay} is ${percent(share)} of the close before it, but ${what}`;
    doubts.push({ ts: defined(bars[i], 'bar of the ex day')[0], reason: 'dividend_misapplied', message });
  }
  return [...doubts, ...untoldSteps(bars, actions, factors)];
}

function factorsOf(
  bars: readonly RawBar[],
  adjustments: readonly (readonly [ts: number, factor: number])[],
): Float64Array {
  const factors = new Float64Array(bars.length);
  let next = 0;
  let factor = adjustments[0]?.[1] ?? 1;
  for (const [i, [ts]] of bars.entries()) {
    for (let change = adjustments[next]; change && change[0] <= ts; change = adjustments[++next])
      factor = change[1];
    factors[i] = factor;
  }
  return factors;
}

/** The told dividends by the place of the first bar on or after their ex day, in the unit of the closes. */
function toldShares(
  bars: readonly RawBar[],
  actions: readonly CorporateAction[],
  factors: Float64Array,
): Map<number, { amount: number; exDay: string }> {
  const told = new Map<number, { amount: number; exDay: string }>();
  for (const { kind, exDay, value } of actions) {
    if (kind !== 'dividend' || !(value > 0)) continue;
    const ex = Date.parse(exDay);
    const i = bars.findIndex(([ts]) => ts >= ex);
    if (i < 1 || !((factors[i - 1] ?? 0) > 0)) continue;
    // A dividend is told as it was paid, and closes are in today's shares.
    const shares = actions
      .filter((other) => other.kind === 'split' && other.exDay > exDay && other.value > 0)
      .reduce((product, split) => product * split.value, 1);
    const amount = (told.get(i)?.amount ?? 0) + value / shares;
    told.set(i, { amount, exDay });
  }
  return told;
}

/** The share of the price that the factors take off around a bar, and how much they vary without a step. */
function appliedShare(factors: Float64Array, i: number): { share: number; noise: number } {
  const before = windowOf(factors, i - BARS_OFF - WINDOW, i - BARS_OFF, i - 1);
  const after = windowOf(factors, i + BARS_OFF, i + BARS_OFF + WINDOW, i);
  const [low, high] = [median(before), median(after)];
  const spread = (values: number[]) => (Math.max(...values) - Math.min(...values)) / Math.max(...values);
  return { share: 1 - low / high, noise: Math.max(spread(before), spread(after)) };
}

/** The factors from one place up to another, or the one at a third place where there are none. */
function windowOf(factors: Float64Array, from: number, to: number, or: number): number[] {
  const values = [...factors.slice(Math.max(0, from), Math.max(0, to))];
  return values.length > 0 ? values : [defined(factors[or], 'factor')];
}

/** Whether the price did not fall on the ex day of a large dividend, so that the adjusted price rose by it. */
function isIgnored(bars: readonly RawBar[], i: number, share: number): boolean {
  const move = ordinaryMove(bars, i);
  if (move === 0 || share >= 1) return share >= 1;
  const rise = -Math.log(1 - share);
  return rise > Math.max(LEAST_VISIBLE, VISIBLE * move) && Math.abs(stepAt(bars, i) - rise) < IGNORED * move;
}

/** Lasting steps of the factor without a dividend or split. */
function untoldSteps(
  bars: readonly RawBar[],
  actions: readonly CorporateAction[],
  factors: Float64Array,
): LevelDoubt[] {
  const doubts: LevelDoubt[] = [];
  let explained: Set<number> | undefined;
  for (let i = 1; i < factors.length; i++) {
    if (Math.abs(1 - (factors[i - 1] ?? 1) / (factors[i] ?? 1)) < LEAST_UNTOLD) continue;
    explained ??= placesOf(bars, actions);
    if (explained.has(i)) continue;
    const { share, noise } = appliedShare(factors, i);
    if (Math.abs(share) < Math.max(LEAST_UNTOLD, 3 * noise)) continue;
    const [ts] = defined(bars[i], 'bar of a step');
    const message = `the source took off ${(share * 100).toPrecision(3)}% on ${toDay(ts)}, and reports no dividend`;
    doubts.push({ ts, reason: 'dividend_untold', message });
  }
  return doubts;
}

/** The places of the bars around all ex days. */
function placesOf(bars: readonly RawBar[], actions: readonly CorporateAction[]): Set<number> {
  const places = new Set<number>();
  for (const { exDay } of actions) {
    const ex = Date.parse(exDay);
    const i = bars.findIndex(([ts]) => ts >= ex);
    for (let j = i - BARS_OFF - 1; j <= i + BARS_OFF + 1; j++) places.add(j);
  }
  return places;
}
