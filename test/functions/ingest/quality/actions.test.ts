import { expect, test } from 'vitest';
import { figuresOf } from '../../../../bench/checks.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { FAULTY_KINDS, type Fixture, makeFixture } from './action-fixtures-support.ts';
import { countDoubted, examined, fixturesOf } from './action-recall-support.ts';

/** The largest step between bars that the gate would store, as a factor. */
const largestStep = (bars: readonly RawBar[]) =>
  bars.reduce((most, [, , , , c], i) => {
    const before = bars[i - 1]?.[4] ?? c;
    return Math.max(most, c / before, before / c);
  }, 1);

test('finds faulty splits and dividends, and hardly ever doubts a clean series', () => {
  const [clean, ...faulty] = countDoubted();
  expect(clean).toMatchObject({ kind: 'clean', of: 400 });
  expect(clean?.doubted).toBeLessThanOrEqual(2);
  expect(faulty.map(({ kind }) => kind)).toEqual([...FAULTY_KINDS]);
  for (const { kind, doubted, of, largestMissed } of faulty) {
    expect(doubted, kind).toBeGreaterThanOrEqual(0.98 * of);
    expect(largestMissed, kind).toBeLessThan(0.001);
  }

  const figures = figuresOf([...(clean ? [clean] : []), ...faulty]);
  expect(Object.keys(figures).slice(0, 2)).toEqual(['recall', 'falseAlarms']);
  expect(figures.recall).toBeGreaterThan(0.99);
  expect(figures.falseAlarms).toBeLessThanOrEqual(0.005);
  expect(figures).toMatchObject({ faulty: 800, clean: 400, dividendAppliedTwice: expect.any(Number) });
});

test('hardly ever passes a step by the ratio of a faulty split on', () => {
  let steps = 0;
  let of = 0;
  for (const kind of FAULTY_KINDS.filter((one) => one.startsWith('split'))) {
    for (const fixture of fixturesOf(kind, 40)) {
      if (largestStep(examined(fixture).bars) > 1.9) steps++;
      of++;
    }
  }
  expect(steps / of).toBeLessThan(1 / 50);
});

test('quarantines the bars before the doubtful action and uses those after it', () => {
  const fixture = makeFixture('split not applied', 3);
  const { bars, suspects, cut, fault } = examined(fixture);
  expect(fault).toBeUndefined();
  expect(bars).toEqual(fixture.bars.filter(([ts]) => ts >= defined(cut, 'cut')));
  expect(suspects.map(({ bar }) => bar[0])).toEqual(
    fixture.bars.map(([ts]) => ts).filter((ts) => ts < defined(cut, 'cut')),
  );
});

test('gives the same results in another unit', () => {
  for (const kind of ['clean', ...FAULTY_KINDS] as const) {
    for (const fixture of fixturesOf(kind, 20)) {
      const scaled: Fixture = {
        ...fixture,
        bars: fixture.bars.map(([ts, o, h, l, c, v]): RawBar => [ts, o * 150, h * 150, l * 150, c * 150, v]),
        actions: fixture.actions.map((one) =>
          one.kind === 'dividend' ? { ...one, value: one.value * 150 } : one,
        ),
      };
      const [plain, other] = [examined(fixture), examined(scaled)];
      expect(other.cut).toBe(plain.cut);
      expect(other.suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual(
        plain.suspects.map(({ bar, reason }) => [bar[0], reason]),
      );
      expect(other.doubt?.reason).toBe(plain.doubt?.reason);
    }
  }
});
