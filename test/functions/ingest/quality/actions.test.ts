import { expect, test } from 'vitest';
import { examine } from '../../../../functions/ingest/quality/gate.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS, toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { FAULTY_KINDS, type Fixture, type FixtureKind, makeFixture } from './action-fixtures-support.ts';

const PER_KIND = 100;

const gate = ({ bars, actions, adjustments }: Fixture) =>
  examine({
    symbol: 'ACME',
    interval: 'daily',
    from: toDay(defined(bars[0], 'first bar')[0]),
    asOf: toDay(defined(bars.at(-1), 'last bar')[0]),
    fetchedAt: defined(bars.at(-1), 'last bar')[0] + 3 * DAY_MS,
    bars,
    actions,
    adjustments,
  });
const fixtures = (kind: FixtureKind, count = PER_KIND) =>
  Array.from({ length: count }, (_, i) =>
    makeFixture(kind, 1000 * (FAULTY_KINDS as readonly string[]).indexOf(kind) + i + 7000),
  );
/** Whether bars before an action are in doubt, or the one bar between a split and its ex day. */
const isDoubted = ({ cut, suspects }: ReturnType<typeof gate>) =>
  cut !== undefined || suspects.some(({ reason }) => reason === 'split_spurious' || reason === 'jump');
/** The largest step between bars that the gate would store, as a factor. */
const largestStep = (bars: readonly RawBar[]) =>
  bars.reduce((most, [, , , , c], i) => {
    const before = bars[i - 1]?.[4] ?? c;
    return Math.max(most, c / before, before / c);
  }, 1);

test('finds faulty splits and dividends, and hardly ever doubts a clean series', () => {
  const lines: string[] = [];
  let found = 0;
  for (const kind of FAULTY_KINDS) {
    const all = fixtures(kind);
    const doubted = all.filter((fixture) => isDoubted(gate(fixture)));
    const missed = all.filter((fixture) => !doubted.includes(fixture));
    const shares = missed.flatMap(({ share }) => share ?? []);
    const most =
      shares.length > 0 ? `, of at most ${(Math.max(...shares) * 100).toFixed(2)}% of the price` : '';
    lines.push(
      `${kind}: ${doubted.length} of ${all.length} found${missed.length > 0 ? `, ${missed.length} missed${most}` : ''}`,
    );
    found += doubted.length;
  }
  const clean = fixtures('clean', 400);
  const alarms = clean.filter((fixture) => isDoubted(gate(fixture))).length;
  const recall = found / (PER_KIND * FAULTY_KINDS.length);
  console.info(
    [...lines, `recall ${(recall * 100).toFixed(1)}%, false alarms ${alarms} of ${clean.length}`].join('\n'),
  );
  expect(recall).toBeGreaterThan(0.95);
  expect(alarms / clean.length).toBeLessThan(1 / 100);
});

test('hardly ever passes a step by the ratio of a faulty split on', () => {
  let steps = 0;
  let of = 0;
  for (const kind of FAULTY_KINDS.filter((one) => one.startsWith('split'))) {
    for (const fixture of fixtures(kind, 40)) {
      if (largestStep(gate(fixture).bars) > 1.9) steps++;
      of++;
    }
  }
  expect(steps / of).toBeLessThan(1 / 50);
});

test('quarantines the bars before the doubtful action and uses those after it', () => {
  const fixture = makeFixture('split not applied', 3);
  const { bars, suspects, cut, fault } = gate(fixture);
  expect(fault).toBeUndefined();
  expect(bars).toEqual(fixture.bars.filter(([ts]) => ts >= defined(cut, 'cut')));
  expect(suspects.map(({ bar }) => bar[0])).toEqual(
    fixture.bars.map(([ts]) => ts).filter((ts) => ts < defined(cut, 'cut')),
  );
});

test('gives the same results in another unit', () => {
  for (const kind of ['clean', ...FAULTY_KINDS] as const) {
    for (const fixture of fixtures(kind, 20)) {
      const scaled: Fixture = {
        ...fixture,
        bars: fixture.bars.map(([ts, o, h, l, c, v]): RawBar => [ts, o * 150, h * 150, l * 150, c * 150, v]),
        actions: fixture.actions.map((one) =>
          one.kind === 'dividend' ? { ...one, value: one.value * 150 } : one,
        ),
      };
      const [plain, other] = [gate(fixture), gate(scaled)];
      expect(other.cut).toBe(plain.cut);
      expect(other.suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual(
        plain.suspects.map(({ bar, reason }) => [bar[0], reason]),
      );
      expect(other.doubt?.reason).toBe(plain.doubt?.reason);
    }
  }
});
