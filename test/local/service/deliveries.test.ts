import { expect, test } from 'vitest';
import { keepDelivering } from '../../../local/service/deliveries.ts';

const SINCE = new Date('2026-12-01T08:00:00Z');

/** Runs the loop with a clock of its own, and stops it after a number of milliseconds. */
async function run(
  ms: number,
  deliver: (at: number) => Promise<{ failingSince: Date | null }>,
  runEndsAt = Number.POSITIVE_INFINITY,
) {
  const stopping = new AbortController();
  const deliveries: number[] = [];
  const lines: string[] = [];
  let at = 0;
  await keepDelivering({
    deliver: () => {
      deliveries.push(at);
      return deliver(at);
    },
    revision: () => (at >= runEndsAt ? 1 : 0),
    say: (line) => lines.push(line),
    signal: stopping.signal,
    wait: async (step) => {
      at += step;
      if (at >= ms) stopping.abort();
    },
  });
  return { deliveries, lines };
}

const fine = async () => ({ failingSince: null });

test('reads the outbox at the start and every ten seconds', async () => {
  expect((await run(35_000, fine)).deliveries).toEqual([0, 10_000, 20_000, 30_000]);
});

test('reads the outbox as soon as a run has ended', async () => {
  expect((await run(25_000, fine, 12_000)).deliveries).toEqual([0, 10_000, 12_000, 22_000]);
});

test('prints a failure once, and that it has ended, and never stops', async () => {
  const { deliveries, lines } = await run(60_000, async (at) => {
    if (at < 20_000) throw new Error('no connection');
    return { failingSince: at < 40_000 ? SINCE : null };
  });
  expect(deliveries).toHaveLength(6);
  expect(lines).toEqual([
    expect.stringContaining('Messages to users cannot be sent: Error: no connection'),
    expect.stringContaining('No message has reached a user since 2026-12-01T08:00:00.000Z'),
    'Messages reach users again.',
  ]);
});

test('prints nothing about a delivery that the stop breaks off', async () => {
  const stopping = new AbortController();
  const lines: string[] = [];
  await keepDelivering({
    deliver: async () => {
      stopping.abort();
      throw new Error('the database has gone');
    },
    revision: () => 0,
    say: (line) => lines.push(line),
    signal: stopping.signal,
  });
  expect(lines).toEqual([]);
});
