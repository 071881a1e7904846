import { expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';

test('randomNumbers covers [0, 1) evenly', () => {
  const random = randomNumbers(10);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const place = Math.floor(random() * 10);
    tenths[place] = (tenths[place] as number) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
