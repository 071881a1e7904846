import { expect, test } from 'vitest';
import { lastLine } from './command-support.ts';
import { barsFile, csv, HEADER, rows, seedPeersOf, start } from './start-support.ts';

const SOUND = ['AAA', 'BBBB', 'CCC', 'DDDD', 'EEE', 'FFFF', 'GGG', 'HHHH'];
const BAD = ['VVVV', 'WWW', 'XXXX', 'YYY', 'ZZZZ'];

/** Bars of each symbol up to a trading day. */
const bars = (symbols: readonly string[], days: number) => symbols.flatMap((symbol) => rows(symbol, days));

/** The symbols in the first table below a line. */
function tableBelow(text: string, line: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((candidate) => candidate.startsWith(line));
  if (from < 0) return [];
  const end = lines.findIndex((candidate, i) => i > from && candidate.startsWith('└'));
  return lines.slice(from, end).flatMap((row) => /^│ ([A-Z]{3,4}) /.exec(row)?.[1] ?? []);
}

test('publishes the sound instruments of a file, and shows the last calls of those that failed with their age', async () => {
  const path = await barsFile('mixed.csv', [HEADER, ...bars([...SOUND, ...BAD], 300)]);
  await seedPeersOf(path, ['2011-02-25', '2011-03-03']);
  const first = await start(csv(path));
  expect(lastLine(first.stdout)).toMatchObject({
    status: 'succeeded',
    counts: { recommendations: 39, carriedOver: 0, failures: 0 },
  });

  await barsFile('mixed.csv', [HEADER, ...bars(SOUND, 304)]);
  const second = await start(csv(path));
  expect(second.code).toBe(0);
  const report = lastLine(second.stdout);
  expect(report).toMatchObject({
    status: 'partial',
    asOf: '2011-03-03',
    counts: { instruments: 13, recommendations: 24, carriedOver: 15, failures: 5 },
    written: { recommendations: 24 },
  });
  expect(second.stderr).toContain(
    'The run is partial. 5 of 13 instruments failed. not_found: VVVV, WWW, XXXX and 2 more (VVVV: is not in ',
  );
  expect(tableBelow(second.stdout, 'Recommendations as of 2011-03-03')).toEqual(SOUND);
  expect(tableBelow(second.stdout, 'Earlier calls that this run could not renew:')).toEqual(BAD);
  expect(second.stdout).toMatch(/^│ VVVV +│ hindsight │ 2011-02-25 │ 6 days │/m);
  expect(second.stdout).toMatch(/^ {2}VVVV: is not in .*\(not_found\)/m);
  expect(second.stdout).toContain('Calls by profile:\n  conservative  ');

  const again = await start(csv(path));
  expect(lastLine(again.stdout)).toMatchObject({
    status: 'partial',
    counts: report.counts,
    written: { bars: 0, features: 0, recommendations: 0 },
  });

  await barsFile('mixed.csv', [HEADER, ...bars([...SOUND, ...BAD], 304)]);
  const mended = await start(csv(path));
  expect(lastLine(mended.stdout)).toMatchObject({
    status: 'succeeded',
    counts: { recommendations: 39, carriedOver: 0, failures: 0 },
    // The model compares instruments with each other, so the calls of the others change too.
    written: { recommendations: 39 },
  });
});

test('publishes nothing and exits 1 if all instruments fail, and says what to do', async () => {
  const path = await barsFile('gone.csv', [HEADER, ...bars(BAD, 300)]);
  const stale = await start([...csv(path), '--as-of', '2011-03-15']);
  expect(stale.code).toBe(1);
  expect(stale.stderr).toMatch(
    /^boursomatic: All 5 instruments failed\. stale: .* Nothing was published, .* Remove the cause, then start a new run\.$/m,
  );
});
