import { describe, expect, test } from 'vitest';
import { type FailedInstrument, judgeRun, type Silence } from '../../../functions/shared/run-verdict.ts';

/** Failures of instruments, by reason. */
function failures(byReason: Record<string, number>): FailedInstrument[] {
  return Object.entries(byReason).flatMap(([reason, count]) =>
    Array.from({ length: count }, (_, i) => ({
      symbol: `${reason.slice(0, 1).toUpperCase()}${i + 1}`,
      reason,
      message: `${reason} ${i + 1}`,
    })),
  );
}
const silence = (weekdays: number, longestClosure: number): Silence => ({
  since: '2026-03-02',
  weekdays,
  longestClosure,
});

describe('judgeRun', () => {
  test.each<[string, number, Record<string, number>, string]>([
    ['no instruments', 0, {}, 'succeeded'],
    ['no failures', 500, {}, 'succeeded'],
    ['exactly a fifth failed', 500, { jump: 100 }, 'succeeded'],
    ['exactly a fifth of a few failed', 5, { jump: 1 }, 'succeeded'],
    ['one more than a fifth failed', 500, { jump: 101 }, 'partial'],
    ['one of four failed', 4, { not_found: 1 }, 'partial'],
    ['5 of 13 failed', 13, { jump: 3, ohlc_zero: 2 }, 'partial'],
    ['all but one failed, each for its own data', 500, { jump: 499 }, 'partial'],
    ['all failed', 13, { jump: 8, not_found: 5 }, 'failed'],
    ['the only instrument failed', 1, { stale: 1 }, 'failed'],
    // Refusals.
    ['all refused', 13, { rate_limited: 13 }, 'failed'],
    ['most refused', 500, { rate_limited: 200, timeout: 51 }, 'failed'],
    ['half refused', 500, { rate_limited: 250 }, 'partial'],
    ['a fifth refused', 500, { blocked: 100 }, 'succeeded'],
    ['most of a few refused, too few for the breaker', 5, { timeout: 4 }, 'partial'],
    ['most failed, half of them refused', 500, { unavailable: 200, jump: 200 }, 'partial'],
    [
      'most of the requested refused, and others deferred',
      500,
      { deferred: 455, quota_exceeded: 30 },
      'failed',
    ],
    ['others deferred', 500, { deferred: 455, jump: 3 }, 'succeeded'],
    // An unknown form.
    ['the form of most answers is unknown', 500, { schema_drift: 251 }, 'failed'],
    ['the form of half of the answers is unknown', 500, { schema_drift: 250 }, 'partial'],
    [
      'half refused, and the form of most answers is unknown',
      500,
      { timeout: 250, schema_drift: 126 },
      'failed',
    ],
    ['the form of two of three answers is unknown', 3, { schema_drift: 2 }, 'partial'],
    // A short history is a fact, not a failure.
    ['all histories are short', 4, { insufficient_history: 4 }, 'succeeded'],
    ['the only one with enough history failed', 4, { insufficient_history: 3, jump: 1 }, 'failed'],
    // Withheld calls are failures, but of sound instruments.
    ['no call can be compared', 4, { universe_too_small: 4 }, 'partial'],
    ['one failed, and no other call can be compared', 4, { universe_too_small: 3, jump: 1 }, 'partial'],
    ['all failed or have a short history', 4, { insufficient_history: 2, jump: 2 }, 'failed'],
    ['short histories and a fifth failed', 10, { insufficient_history: 5, jump: 2 }, 'succeeded'],
  ])('decides on a run of which %s', (_, instruments, byReason, status) => {
    expect(judgeRun({ instruments, failures: failures(byReason) }).status).toBe(status);
  });

  test.each<[string, Silence, number, string]>([
    ['a weekday without bars, as on a holiday', silence(1, 1), 500, 'succeeded'],
    ['more weekdays without bars than ever', silence(2, 1), 500, 'failed'],
    ['as many weekdays without bars as at a new year', silence(6, 6), 500, 'succeeded'],
    ['a single instrument, whose trading may be suspended', silence(3, 1), 1, 'succeeded'],
  ])('decides on %s', (_, given, instruments, status) => {
    expect(judgeRun({ instruments, failures: [], silence: given }).status).toBe(status);
  });

  test.each<[string, Parameters<typeof judgeRun>[0], string]>([
    [
      'of a partial run: which failed, and why',
      { instruments: 13, failures: failures({ jump: 4, stale: 1 }) },
      '5 of 13 instruments failed. jump: J1, J2, J3 and 1 more (jump 1). stale: S1 (stale 1).',
    ],
    [
      'of a refusal: wait, or change the provider',
      { instruments: 6, failures: failures({ rate_limited: 6 }) },
      'The provider refused 6 of 6 instruments. rate_limited: R1, R2, R3 and 3 more (rate_limited 1). Nothing was published, and earlier recommendations stay active. Start a new run when the provider answers again, or with another provider.',
    ],
    [
      'of an unknown form: change the provider, or update',
      { instruments: 8, failures: failures({ schema_drift: 5, timeout: 1 }) },
      'The format of 5 of 7 answers is unknown. schema_drift: S1, S2, S3 and 2 more (schema_drift 1). Nothing was published, and earlier recommendations stay active. The provider has probably changed its format: start a new run with another provider, or update Boursomatic.',
    ],
    [
      'of a run without a sound instrument: remove the cause',
      { instruments: 4, failures: failures({ a: 1, b: 1, c: 1, d: 1 }) },
      'All 4 instruments failed. a: A1 (a 1). b: B1 (b 1). c: C1 (c 1). Other reasons: 1 more. Nothing was published, and earlier recommendations stay active. Remove the cause, then start a new run.',
    ],
    [
      'of a silence: check the provider',
      { instruments: 2, failures: [], silence: silence(3, 1) },
      'No instrument has a bar after 2026-03-02, for 3 weekdays. In their history, the longest closure took 1. Nothing was published, and earlier recommendations stay active. Check whether the provider still adds bars, then start a new run, or use another provider.',
    ],
  ])('explains the verdict %s', (_, facts, explanation) => {
    expect(judgeRun(facts)).toMatchObject({ explanation });
  });
});
