import { describe, expect, test } from 'vitest';
import type { CorporateAction } from '../../../../functions/ingest/providers/provider.ts';
import { findSplitDoubts, findUntoldSplits } from '../../../../functions/ingest/quality/splits.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS } from '../../../../functions/shared/days.ts';
import { closing, swinging } from './series-support.ts';

/** The third of the bars of {@link closing}. */
const EX_DAY = '2025-01-08';
const split = (value: number, exDay = EX_DAY): CorporateAction => ({ exDay, kind: 'split', value });

describe('prices that step by a reported split', () => {
  test.each([
    ['4 for 1, not applied', 4, [400, 404, 101]],
    ['4 for 1, not applied, on a bad day', 4, [400, 404, 92]],
    ['3 for 2, not applied', 1.5, [300, 300, 201]],
    ['1 for 10, not applied', 0.1, [3, 3.1, 30]],
    ['4 for 1, applied twice', 4, [25, 25, 101]],
  ])('are doubted: %s', (_, value, closes) => {
    expect(findSplitDoubts(closing(...closes), [split(value)])[0]?.reason).toBe('split_unapplied');
  });

  test('are reported with both closes and the split', () => {
    expect(findSplitDoubts(closing(400, 404, 101), [split(4)])).toEqual([
      {
        ts: Date.parse(EX_DAY),
        reason: 'split_unapplied',
        message:
          'closes 404 of 2025-01-07 and 101 of 2025-01-08 are not adjusted for the split of 4 for 1 on 2025-01-08',
      },
    ]);
  });

  test('are found when the ex day has no bar', () => {
    const [a, b, , d] = closing(400, 404, 0, 101);
    expect(
      findSplitDoubts(
        [a, b, d].filter((bar) => bar !== undefined),
        [split(4)],
      ),
    ).toHaveLength(1);
  });
});

describe('findSplitDoubts accepts', () => {
  test.each<[string, number[], CorporateAction[]]>([
    ['an applied split', [100, 101, 100], [split(4)]],
    ['an applied split on a day of a crash', [100, 101, 60], [split(4)]],
    ['a split before the first bar', [100, 101, 101], [split(4, '2025-01-06')]],
    ['a split in the future', [100, 101, 100], [split(4, '2025-02-03')]],
    ['a stock dividend of 5 %, no larger than a daily move', [100, 105, 100], [split(1.05)]],
    ['a dividend', [400, 404, 101], [{ exDay: EX_DAY, kind: 'dividend', value: 4 }]],
    ['a step without a split', [400, 404, 101], []],
    ['a split without a valid ratio', [400, 404, 101], [split(Number.NaN), split(-4), split(0)]],
  ])('%s', (_, closes, actions) => {
    expect(findSplitDoubts(closing(...closes), actions)).toEqual([]);
  });
});

describe('a lasting step by the ratio of a split that is not reported', () => {
  const calm = closing(...swinging(40, 100, 0.01));
  const [earlier, before] = [calm.slice(0, 35), calm.slice(35)];
  const last = closing(...swinging(42, 50, 0.01)).slice(40);

  test('is found in a short series by the bars before it', () => {
    expect(findUntoldSplits([...before, ...last], [], { earlier })).toMatchObject([
      { ts: last[0]?.[0], reason: 'split_untold' },
    ]);
    expect(findUntoldSplits([...before, ...last], [])).toEqual([]);
  });

  test('is not looked for between the series and the bars before it', () => {
    expect(findUntoldSplits(last, [], { earlier: calm })).toEqual([]);
  });

  test('is left to the other check near a reported split of that size, and only there', () => {
    const exDay = new Date(last[0]?.[0] ?? 0).toISOString().slice(0, 10);
    expect(findUntoldSplits([...before, ...last], [split(2, exDay)], { earlier })).toEqual([]);
    expect(findUntoldSplits([...before, ...last], [split(4, exDay)], { earlier })).toHaveLength(1);
  });

  test('is a fact where a quarantined session between traded at both levels', () => {
    const [day = Number.NaN] = before.at(-1) ?? [];
    const later = last.map(([ts, ...rest]): RawBar => [ts + DAY_MS, ...rest]);
    const wick: RawBar = [day + DAY_MS, 102, 140, 30, 52, 20_000];
    const series = [...before, ...later];
    expect(findUntoldSplits(series, [], { earlier, held: [wick] })).toEqual([]);
    const slipped: RawBar = [day + DAY_MS, 100, 101, 99, 1, 1000];
    expect(findUntoldSplits(series, [], { earlier, held: [slipped] })).toHaveLength(1);
  });
});
