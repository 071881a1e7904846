import { toDay } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';
import type { LevelDoubt } from './findings.ts';
import { median, ordinaryMove, stepAt } from './levels.ts';

/** Smaller ratios cannot be distinguished from a day's move; a stock dividend of a few percent is an example. */
const LEAST_RATIO = Math.log(1.25);

/** The largest difference of a step from the ratio, as a share of it: the step includes the day's own move. */
const NEAR = 1 / 4;

/** Sources announce a split up to this many sessions before or after the prices change. */
const SESSIONS_AROUND = 8;

/** A step near the ratio counts only if it is so many times an ordinary move; near the ex day any does. */
const EXTRAORDINARY = 6;

/** The smallest step that is taken for a split that was not announced; honest moves are seldom larger. */
const LEAST_UNTOLD = Math.log(1.4);

/** Honest moves of this size are so rare that these checks may be half as strict. */
const LARGE = Math.log(1.9);

/** The ratios of splits that occur, above 1. Reverse splits have their reciprocals. */
const RATIOS = [1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100].map(Math.log);

/** How far a step, or the open's part of it, may be from a ratio: so many ordinary moves, within these bounds. */
const MOVES_OFF = 2;
const LEAST_OFF = 0.015;
const MOST_OFF = 0.06;

/**
 * A split that was not applied leaves the day itself ordinary: the open makes the whole step, and range and volume are
 * like those of other days. A crash does not: these are the multiples of the median that it exceeds.
 */
const ORDINARY_RANGE = 2.5;
const ORDINARY_VOLUME = 2.5;

/** Bars that show which range and volume are ordinary. */
const BARS_AROUND = 20;

/**
 * Compares the splits that a source reports with its prices. Adjusted prices have no step by the ratio within eight
 * sessions of the ex day. A step by about the ratio, up or down, means that the source has not adjusted for the split,
 * has adjusted twice, or on another day. Steps that the next bar reverses are left to `findJumps`.
 *
 * @param bars - sound bars
 * @returns for each doubtful split, the first bar after its last step
 */
export function findSplitDoubts(bars: readonly RawBar[], actions: readonly CorporateAction[]): LevelDoubt[] {
  const doubts: LevelDoubt[] = [];
  for (const { kind, exDay, value } of actions) {
    const ratio = Math.abs(Math.log(value));
    if (kind !== 'split' || !Number.isFinite(ratio) || ratio < LEAST_RATIO) continue;
    const ex = Date.parse(exDay);
    const at = bars.findIndex(([ts]) => ts >= ex);
    if (at < 0) continue;
    for (
      let i = Math.min(bars.length - 1, at + SESSIONS_AROUND);
      i >= Math.max(1, at - SESSIONS_AROUND);
      i--
    ) {
      if (!isStepBy(bars, i, ratio, i === at)) continue;
      const [before, after] = [bars[i - 1], bars[i]];
      if (!before || !after) continue;
      const closes = `closes ${before[4]} of ${toDay(before[0])} and ${after[4]} of ${toDay(after[0])}`;
      doubts.push({
        ts: after[0],
        reason: 'split_unapplied',
        message: `${closes} are not adjusted for the split of ${value} for 1 on ${exDay}`,
      });
      break;
    }
  }
  return doubts;
}

function isStepBy(bars: readonly RawBar[], i: number, ratio: number, isExDay: boolean): boolean {
  const step = stepAt(bars, i);
  if (!isSize(step, Math.exp(ratio)) || isSpike(bars, i)) return false;
  return isExDay || Math.abs(step) > EXTRAORDINARY * ordinaryMove(bars, i);
}

/** Whether a step, up or down, is about as large as a split. */
function isSize(step: number, split: number): boolean {
  const ratio = Math.abs(Math.log(split));
  return Math.abs(Math.abs(step) - ratio) <= NEAR * ratio;
}

/** Whether the next bar reverses the step, or this one reverses that of the bar before. */
function isSpike(bars: readonly RawBar[], i: number): boolean {
  const step = stepAt(bars, i);
  return [i + 1, i - 1].some((j) => Math.abs(step + stepAt(bars, j)) < NEAR * Math.abs(step));
}

/**
 * Finds splits that the source applied to later bars only, without announcing them: a lasting step near the ratio of a
 * split, on a day that is otherwise ordinary.
 *
 * @param series - sound bars
 * @param actions - `findSplitDoubts` judges the steps around announced splits that are about as large
 * @param around - `earlier`: bars before the series, ascending, which show what is ordinary and are not judged; `held`:
 * bars within it that are in quarantine
 */
export function findUntoldSplits(
  series: readonly RawBar[],
  actions: readonly CorporateAction[],
  around: { earlier?: readonly RawBar[] | undefined; held?: readonly RawBar[] | undefined } = {},
): LevelDoubt[] {
  const { earlier = [], held = [] } = around;
  const doubts: LevelDoubt[] = [];
  const bars = earlier.length > 0 ? [...earlier, ...series] : series;
  for (let i = earlier.length + 1; i < bars.length - 1; i++) {
    const [before, after, next] = [bars[i - 1], bars[i], bars[i + 1]];
    if (!before || !after || !next) continue;
    const quotient = after[4] / before[4];
    if (quotient < 1.4 && quotient > 1 / 1.4) continue;
    const step = Math.log(quotient);
    if (Math.abs(step) < LEAST_UNTOLD || !isUntold(bars, i, step)) continue;
    if (held.some((bar) => spans(bar, before, after))) continue;
    const isTold = actions.some(({ kind, exDay, value }) => {
      return kind === 'split' && isSize(step, value) && isNear(bars, i, Date.parse(exDay));
    });
    if (isTold) continue;
    doubts.push({
      ts: after[0],
      reason: 'split_untold',
      message: `closes ${before[4]} of ${toDay(before[0])} and ${after[4]} of ${toDay(after[0])} differ as by a split, and the source reports none`,
    });
  }
  return doubts;
}

/** Whether a session between two others traded at both levels, so that its market made the move between them. */
function spans([ts, , high, low]: RawBar, before: RawBar, after: RawBar): boolean {
  const levels = [before[4], after[1]];
  return ts > before[0] && ts < after[0] && low <= Math.min(...levels) && high >= Math.max(...levels);
}

function isNear(bars: readonly RawBar[], i: number, ex: number): boolean {
  const first = bars[Math.max(0, i - SESSIONS_AROUND)];
  const last = bars[Math.min(bars.length - 1, i + SESSIONS_AROUND)];
  return first !== undefined && last !== undefined && ex >= first[0] && ex <= last[0];
}

function isUntold(bars: readonly RawBar[], i: number, step: number): boolean {
  const move = ordinaryMove(bars, i);
  const size = Math.abs(step);
  const isLarge = size > LARGE;
  const scale = isLarge ? 2 : 1;
  const near = scale * Math.min(MOST_OFF, Math.max(LEAST_OFF, MOVES_OFF * move));
  const ratio = RATIOS.find((one) => Math.abs(size - one) < near && size > EXTRAORDINARY * move);
  const [before, bar] = [bars[i - 1], bars[i]];
  if (ratio === undefined || !before || !bar || move === 0 || isSpike(bars, i)) return false;
  const later = median(
    bars.slice(i + 1, i + 1 + SESSIONS_AROUND).map(([, , , , c]) => Math.log(c / before[4])),
  );
  if (Math.abs(later - step) > NEAR * size) return false;
  const [, open, high, low, , volume] = bar;
  if (Math.abs(Math.log(open / before[4]) - step) > near) return false;
  const around = bars.slice(Math.max(0, i - BARS_AROUND), i);
  const range = median(around.map(([, , h, l]) => Math.log(h / l)));
  if (Math.log(high / low) > Math.max(0.01, scale * ORDINARY_RANGE * range)) return false;
  const usual = median(around.map(([, , , , , v]) => v));
  // Unadjusted volumes rise by the ratio where the price falls by it.
  return !(usual > 0) || volume <= scale * ORDINARY_VOLUME * usual * Math.max(1, Math.exp(-step));
}
