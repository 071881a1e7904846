import { beforeAll, expect, test } from 'vitest';
import { connect } from '../../../functions/shared/database.ts';
import { openInstallation } from '../../../local/installation/installation.ts';
import { databaseOfFile } from '../../../local/installation/source.ts';
import { lastLine } from './command-support.ts';
import { barsFile, csv, dataDir, HEADER, rows, seedPeersOf, start } from './start-support.ts';

const [DAYS, AT, LAST_DAY] = [300, 150, '2011-02-25'];

/** A row with an adjusted close: symbol, day, open, high, low, close, volume, adjusted close. */
type Fields = string[];
const [HIGH, CLOSE] = [3, 5];
const scaled = (text: string | undefined, factor: number) => (Number(text) * factor).toFixed(4);
/** The rows of a symbol, whose prices are adjusted already. */
const series = (symbol: string): Fields[] =>
  rows(symbol, DAYS).map((row) => [...row.split(','), row.split(',')[CLOSE] ?? '']);
const withRow = (all: Fields[], at: number, change: (row: Fields) => Fields[]) =>
  all.flatMap((row, i) => (i === at ? change(row) : [row]));

/** One instrument for each way in which files differ from a plain one. */
const FILE: Record<string, Fields[]> = {
  PLAIN: series('PLAIN'),
  WIDE: withRow(series('WIDE'), AT, (row) => [row.with(HIGH, scaled(row[CLOSE], 0.997))]),
  SLIP: withRow(series('SLIP'), AT, (row) => [row.with(CLOSE, scaled(row[CLOSE], 100)).with(7, '')]),
  FUTURE: withRow(series('FUTURE'), DAYS - 1, (row) => [row, row.with(1, '2099-01-05')]),
  TWICE: withRow(series('TWICE'), AT, (row) => [row, row]),
  BACK: series('BACK').reverse(),
  'M&M.NS': series('M&M.NS'),
  // Before the day of a split of two for one, prices are twice their adjusted ones.
  SPLIT: series('SPLIT').map((row, i) =>
    i < AT ? row.map((field, j) => (j >= 2 && j <= CLOSE ? scaled(field, 2) : field)) : row,
  ),
};
const SYMBOLS = Object.keys(FILE);

let run: Awaited<ReturnType<typeof start>>;
let stored: { notes: string[]; held: string[]; bars: Record<string, number>; closes: number[] };
beforeAll(async () => {
  // Without a value, the adjusted close is the close.
  const lines = Object.values(FILE).flatMap((all) =>
    all.map((row) => row.with(7, row[7] || row[CLOSE] || '').join()),
  );
  const path = await barsFile('faulty.csv', [`${HEADER},Adj Close`, ...lines]);
  await seedPeersOf(path, [LAST_DAY]);
  run = await start(csv(path));
  const installation = await openInstallation({ dataDir, database: await databaseOfFile(path) });
  const sql = connect(installation.login('boursomatic_migrator'));
  try {
    const notes = await sql`
      SELECT i.symbol || ' ' || (note->>'reason') AS text FROM instrument_fetches f
      JOIN instruments i ON i.id = f.instrument_id, jsonb_array_elements(f.notes) note`;
    const held = await sql`
      SELECT i.symbol || ' ' || q.reason AS text FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id`;
    const bars = await sql`
      SELECT i.symbol, count(*)::int AS count FROM price_bars b JOIN instruments i ON i.id = b.instrument_id GROUP BY 1`;
    const closes = await sql`
      SELECT b.c FROM price_bars b JOIN instruments i ON i.id = b.instrument_id WHERE i.symbol = 'SPLIT' ORDER BY b.ts`;
    stored = {
      notes: notes.map(({ text }) => text),
      held: held.map(({ text }) => text),
      bars: Object.fromEntries(bars.map(({ symbol, count }) => [symbol, count])),
      closes: closes.map(({ c }) => c),
    };
  } finally {
    await sql.end();
    await installation.close();
  }
}, 120_000);

test('publishes a call for each profile of every sound instrument', () => {
  expect(run.code, run.stderr).toBe(0);
  expect(lastLine(run.stdout)).toMatchObject({
    counts: { instruments: SYMBOLS.length, recommendations: 3 * (SYMBOLS.length - 1), failures: 1 },
  });
});

test('widens a high that is slightly below the close, with a note', () => {
  expect(stored.notes).toEqual(['WIDE widened']);
  expect(stored.bars.WIDE).toBe(DAYS);
});

test('quarantines a close that is 100 times too high, and uses the other bars', () => {
  expect(stored.held).toEqual(['SLIP slipped_decimal']);
  expect(stored.bars.SLIP).toBe(DAYS - 1);
});

test('refuses an instrument with a date in the future, with its line, and keeps the as-of of the others', () => {
  const line = SYMBOLS.indexOf('FUTURE') * DAYS + DAYS + 2;
  expect(run.stderr).toContain(`:${line}: FUTURE: date 2099-01-05 is after today`);
  expect(stored.bars).not.toHaveProperty('FUTURE');
  expect(lastLine(run.stdout).asOf).toBe(LAST_DAY);
});

test('drops a repeated row, and reports it', () => {
  expect(run.stderr).toContain('Dropped 1 row that repeated another exactly.');
  expect(stored.bars.TWICE).toBe(DAYS);
});

test('reads an instrument whose newest day is first, and a symbol with an ampersand', () => {
  expect(stored.bars).toMatchObject({ BACK: DAYS, 'M&M.NS': DAYS });
});

test('adjusts all prices by the adjusted close', () => {
  expect(run.stderr).toContain('prices adjusted by "Adj Close"');
  const expected = series('SPLIT').map((row) => expect.closeTo(Number(row[CLOSE]), 3));
  expect(stored.closes).toEqual(expected);
});
