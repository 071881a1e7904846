import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { dataLine, decideOrigin, readOrigin, shownFolder } from '../../../local/installation/data-origin.ts';
import { seedInstruments } from '../../functions/infer/support.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
beforeEach(async () => {
  await db.sql`TRUNCATE instruments CASCADE`;
  await db.sql`UPDATE data_origin SET is_sample = NULL`;
});

const stored = async () => (await db.sql`SELECT is_sample FROM data_origin`)[0]?.is_sample;
const decide = (data: 'real' | 'sample') => decideOrigin(db.sql, data, 'host:5432/stocks');

const HOLDS_SAMPLE =
  'host:5432/stocks holds the sample, which never mixes with real data: name another database in DATABASE_URL, or use --sample';
const HOLDS_REAL =
  'host:5432/stocks holds real data, which never mixes with the sample: for the sample, name another database in DATABASE_URL';

describe('an unused database', () => {
  test.each(['sample', 'real'] as const)('becomes one for %s data, and stays so', async (data) => {
    expect(await readOrigin(db.sql)).toBeUndefined();
    await decide(data);
    await decide(data);
    expect(await readOrigin(db.sql)).toBe(data);
    await seedInstruments(db.sql, ['AAPL']);
    await decide(data);
    expect(await readOrigin(db.sql)).toBe(data);
  });

  test('takes the data of the first of two starts at once', async () => {
    let second: Promise<void> | undefined;
    await db.sql.begin(async (tx) => {
      await tx`UPDATE data_origin SET is_sample = true`;
      second = decide('real');
      second.catch(() => {});
      // The second start has found the database unused, and waits for the first one.
      await vi.waitFor(async () => {
        const waiting = await db.sql`SELECT FROM pg_locks WHERE NOT granted`;
        expect(waiting).not.toHaveLength(0);
      });
    });
    await expect(second).rejects.toThrow(new BadInputError(HOLDS_SAMPLE));
    expect(await stored()).toBe(true);
  });
});

describe('a database with', () => {
  test('the sample refuses real data, even without instruments', async () => {
    await decide('sample');
    await expect(decide('real')).rejects.toThrow(new BadInputError(HOLDS_SAMPLE));
    expect(await stored()).toBe(true);
  });

  test('real data refuses the sample', async () => {
    await decide('real');
    await expect(decide('sample')).rejects.toThrow(new BadInputError(HOLDS_REAL));
    expect(await stored()).toBe(false);
  });

  test('instruments and no decision, as on AWS, holds real data', async () => {
    await seedInstruments(db.sql, ['AAPL']);
    expect(await readOrigin(db.sql)).toBe('real');
    await expect(decide('sample')).rejects.toThrow(new BadInputError(HOLDS_REAL));
    await decide('real');
    expect(await stored()).toBeNull();
  });
});

test('the line of a command names its data and their place', () => {
  const at = { place: '.boursomatic', database: 'boursomatic' };
  expect(dataLine('real', at)).toBe('Real data in .boursomatic');
  expect(dataLine('sample', at)).toBe('Sample data in .boursomatic');
  expect(dataLine('file', at)).toBe('Bars of a file in .boursomatic, database boursomatic');
});

test('a data folder is shown relative to the working folder if it is inside', () => {
  expect(shownFolder(`${process.cwd()}/.boursomatic`)).toBe('.boursomatic');
  expect(shownFolder('/var/lib/boursomatic')).toBe('/var/lib/boursomatic');
  expect(shownFolder(process.cwd())).toBe(process.cwd());
});
