import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../../functions/ingest/providers/pace.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The times of some turns that are requested at once. */
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

test('sends the first request at once, and the others an interval apart', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  expect(await turns(new Pace(200), 3)).toEqual([0, 200, 400]);
});

test('adds up to half an interval at random', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  expect(await turns(new Pace(200), 3)).toEqual([0, 250, 500]);
});

test('does not wait without an interval', async () => {
  expect(await turns(new Pace(0), 3)).toEqual([0, 0, 0]);
});

test('does not wait for an interval that has passed', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pace = new Pace(200);
  await turns(pace, 1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await turns(pace, 2)).toEqual([1000, 1200]);
});

test('holds requests that are waiting already, for the longer of two holds', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const pace = new Pace(200);
  const waiting = turns(pace, 3);
  pace.hold(1000);
  pace.hold(500);
  expect(pace.heldMs).toBe(1000);
  expect((await waiting).every((time) => time !== false && (time === 0 || time >= 1000))).toBe(true);
  expect(pace.heldMs).toBe(0);
});

test('does not wait for a hold that is too long', async () => {
  const pace = new Pace(0);
  pace.hold(60_001);
  expect(await turns(pace, 2, 60_000)).toEqual([false, false]);
  expect(Date.now()).toBe(0);
});
