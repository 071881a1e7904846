import { describe, expect, test } from 'vitest';
import { storedValue } from '../../../functions/features/stored-value.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seededRandom } from './series.ts';

const db = useTestDatabase();

/** What Postgres stores in a `real` for the 7 digits of each value. */
async function storedByPostgres(values: readonly number[]): Promise<(number | null)[]> {
  const texts = values.map((value) => value.toPrecision(7));
  const rows = await db.sql<{ value: number }[]>`
    SELECT t::real::float8 AS value FROM jsonb_array_elements_text(${db.sql.json(texts)}) WITH ORDINALITY AS u(t, n)
    ORDER BY n`;
  return rows.map(({ value }) => value);
}

describe('storedValue equals what Postgres reads from 7 digits', () => {
  test('for random values of every size', async () => {
    const random = seededRandom(11);
    const values = Array.from(
      { length: 50_000 },
      () => (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20),
    );
    expect(values.map(storedValue)).toEqual(await storedByPostgres(values));
  });

  test('next to powers of ten and in the middle of two decimals', async () => {
    const mantissas = [
      1, 9.9999995, 9.9999994999, 9.999999, 0.99999995, 1.0000005, 1.2345675, 2.5, 7.0000005,
    ];
    const nudges = [1, 1 + 2 ** -52, 1 - 2 ** -52, 1 + 1e-14, 1 - 1e-14];
    const values = Array.from({ length: 50 }, (_, i) => 10 ** (i - 25)).flatMap((power) =>
      mantissas.flatMap((mantissa) =>
        nudges.flatMap((nudge) => [mantissa * power * nudge, -mantissa * power * nudge]),
      ),
    );
    expect(values.map(storedValue)).toEqual(await storedByPostgres(values));
  });

  test('because no decimal of 7 digits is nearest to a double in the middle of two singles without being it', () => {
    const double = new Float64Array(1);
    const low = new Uint32Array(double.buffer);
    const inexact: string[] = [];
    for (let exponent = -22; exponent <= 14; exponent++) {
      const power = 10 ** Math.abs(exponent);
      for (let digits = 1_000_000; digits < 10_000_000; digits++) {
        double[0] = exponent < 0 ? digits / power : digits * power;
        if (((low[0] as number) & 0x1fffffff) !== 0x10000000) continue;
        if (!isExactly(double[0], digits, exponent)) inexact.push(`${digits}e${exponent}`);
      }
    }
    expect(inexact).toEqual([]);
  });
});

/** Whether digits * 10^exponent is the double, in exact arithmetic. */
function isExactly(double: number, digits: number, exponent: number): boolean {
  const unit = 2 ** (52 - Math.floor(Math.log2(double)));
  const decimal = BigInt(digits) * 10n ** BigInt(Math.max(exponent, 0));
  const power = 10n ** BigInt(Math.max(-exponent, 0));
  return unit >= 1
    ? decimal * BigInt(unit) === BigInt(double * unit) * power
    : decimal === BigInt(double) * power;
}

test('keeps zero, NaN and infinities', () => {
  expect([0, -0, Number.NaN, Number.POSITIVE_INFINITY].map(storedValue)).toEqual([
    0,
    0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
});
