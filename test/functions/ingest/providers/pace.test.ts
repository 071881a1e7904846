import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../../functions/ingest/providers/pace.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** When each of some turns comes that are asked for at once. */
async function turns(pace: Pace, count: number, longestHoldMs = Number.POSITIVE_INFINITY) {
  const times: (number | false)[] = [];
  const work = Array.from({ length: count }, async () => {
    const may = await pace.turn(longestHoldMs);
    times.push(may && Date.now());
  });
  await vi.runAllTimersAsync();
  await Promise.all(work);
  return times;
}

test('requests are an interval apart, the first goes at once', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  expect(await turns(new Pace(200), 3)).toEqual([0, 200, 400]);
});

test('as much as half an interval is added at random', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(await turns(new Pace(200), 3)).toEqual([0, 250, 500]);
});

test('without an interval none waits', async () => {
  expect(await turns(new Pace(0), 3)).toEqual([0, 0, 0]);
});

test('time that has passed anyway is not waited for again', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pace = new Pace(200);
  await turns(pace, 1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await turns(pace, 2)).toEqual([1000, 1200]);
});

test('a hold stops those that wait already, and the longer of two holds counts', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pace = new Pace(200);
  const waiting = turns(pace, 3);
  pace.hold(1000);
  pace.hold(500);
  expect(pace.heldMs).toBe(1000);
  expect((await waiting).every((time) => time !== false && (time === 0 || time >= 1000))).toBe(true);
  expect(pace.heldMs).toBe(0);
});

test('a hold that is too long is not waited for', async () => {
  const pace = new Pace(0);
  pace.hold(60_001);
  expect(await turns(pace, 2, 60_000)).toEqual([false, false]);
  expect(Date.now()).toBe(0);
});
