import { type Examination, examine } from '../../../../functions/ingest/quality/gate.ts';
import { DAY_MS, toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { FAULTY_KINDS, type Fixture, type FixtureKind, makeFixture } from './action-fixtures-support.ts';

const PER_KIND = 100;
const CLEAN = 400;

/** How many of some series the checks of dividends and splits doubt. */
export interface Doubted {
  kind: FixtureKind;
  doubted: number;
  of: number;
  /** The largest share of the price of a dividend that they miss; 0 where they miss none. */
  largestMissed: number;
}

/** The gate's result for a series. */
export function examined({ bars, actions, adjustments }: Fixture): Examination {
  const [first, last] = [bars[0], bars.at(-1)].map((bar) => defined(bar, 'bar')[0]) as [number, number];
  return examine({
    symbol: 'ACME',
    interval: 'daily',
    from: toDay(first),
    asOf: toDay(last),
    fetchedAt: last + 3 * DAY_MS,
    bars,
    actions,
    adjustments,
  });
}

/** Invented series of a kind, always the same ones. */
export function fixturesOf(kind: FixtureKind, count = PER_KIND): Fixture[] {
  const first = 1000 * (FAULTY_KINDS as readonly string[]).indexOf(kind) + 7000;
  return Array.from({ length: count }, (_, i) => makeFixture(kind, first + i));
}

/** Counts the doubted series among clean ones and those of each faulty kind. */
export function countDoubted(): Doubted[] {
  return (['clean', ...FAULTY_KINDS] as const).map((kind) => {
    const all = fixturesOf(kind, kind === 'clean' ? CLEAN : PER_KIND);
    const missed = all.filter((fixture) => !isDoubted(examined(fixture)));
    const largestMissed = Math.max(0, ...missed.map(({ share = 0 }) => share));
    return { kind, doubted: all.length - missed.length, of: all.length, largestMissed };
  });
}

/** Whether bars before an action are in doubt, or those between a split and its ex day. */
function isDoubted({ cut, suspects }: Examination): boolean {
  return cut !== undefined || suspects.some(({ reason }) => reason === 'split_spurious' || reason === 'jump');
}
