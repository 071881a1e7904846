import { expect, test } from 'vitest';
import { adjust } from '../../../../functions/ingest/providers/adjust.ts';
import type { Bar } from '../../../../functions/ingest/providers/provider.ts';

test('a bar is halved and its volume doubled by a split of two for one', () => {
  expect(adjust({ ts: 5, o: 88, h: 90, l: 86, c: 89, v: 10 }, 44.5)).toEqual({
    ts: 5,
    o: 44,
    h: 45,
    l: 43,
    c: 44.5,
    v: 20,
  });
});

test('a bar whose close is already adjusted stays as it is', () => {
  const bar = { ts: 5, o: 88, h: 90, l: 86, c: 89, v: 10 };
  expect(adjust(bar, 89)).toEqual(bar);
});

test('open and close stay within low and high, and the dollar volume is kept, for any factor', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const broken: Bar[] = [];
  for (let i = 0; i < 20_000; i++) {
    const l = 0.01 + random() * 500;
    const h = l + random() * (i % 3);
    // Every other bar has its open or its close exactly at an end, where rounding would show.
    const [o, c] = i % 2 ? [l, h] : [l + (h - l) * random(), l];
    const bar = { ts: 0, o, h, l, c: Math.min(c, h), v: Math.floor(random() * 1e9) };
    const adjusted = adjust(bar, bar.c * (0.001 + random() * 3));
    const ordered =
      adjusted.l <= Math.min(adjusted.o, adjusted.c) && adjusted.h >= Math.max(adjusted.o, adjusted.c);
    const kept = Math.abs(adjusted.c * adjusted.v - bar.c * bar.v) <= 1e-12 * bar.c * bar.v;
    if (!ordered || !kept) broken.push(bar);
  }
  expect(broken).toEqual([]);
});
