import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../functions/shared/days.ts';
import { NEW_YORK } from '../../../local/schedule/exchanges.ts';
import { nextRun, retryDelayMs } from '../../../local/schedule/next-run.ts';
import type { ScheduleOptions, ScheduleState } from '../../../local/schedule/schedule.ts';

const OFF: ScheduleOptions = {
  daily: 'off',
  intraday: false,
  retraining: false,
  backup: false,
  timeZone: 'Europe/Paris',
};
const DAILY: ScheduleOptions = { ...OFF, daily: 'markets' };

/** A Wednesday evening, ten minutes after the run of the day was due. */
const NOW = new Date('2026-11-25T23:40:00Z');
const DUE = new Date('2026-11-25T23:30:00Z');
const NEXT = new Date('2026-11-26T23:30:00Z');

/** The next run, from a state that differs from a service without any run. */
const next = (state: Partial<ScheduleState>) =>
  nextRun({ markets: [NEW_YORK], options: DAILY, now: NOW, ...state });

const earlier = (date: Date, ms: number) => new Date(date.getTime() - ms);

test('schedules nothing that is off, and nothing without a market', () => {
  expect(next({ options: OFF })).toBeUndefined();
  expect(next({ markets: [] })).toBeUndefined();
  expect(next({ markets: [], options: { ...OFF, intraday: true, retraining: true } })).toBeUndefined();
});

describe('a daily run', () => {
  test('is due at once in a service without any', () => {
    expect(next({})).toEqual({ kind: 'daily', at: NOW, reason: 'no daily run yet', input: {} });
  });

  test('is due at once if the last one began before the latest close', () => {
    const missed = { kind: 'daily', at: NOW, reason: 'New York closed on 2026-11-25', input: {} };
    expect(next({ lastDaily: earlier(DUE, 1) })).toEqual(missed);
    expect(next({ lastDaily: earlier(DUE, 40 * DAY_MS) })).toEqual(missed);
  });

  test('is due after the next close if the last one came after the latest close', () => {
    const later = { kind: 'daily', at: NEXT, reason: 'New York closed on 2026-11-26', input: {} };
    expect(next({ lastDaily: DUE })).toEqual(later);
    expect(next({ lastDaily: NOW })).toEqual(later);
  });

  test('follows a cron expression instead of the markets', () => {
    const options = { ...DAILY, daily: { expression: '0 7 * * *', timeZone: 'Europe/Paris' } };
    const lastDaily = new Date('2026-11-25T06:00:00Z');
    const expected = {
      kind: 'daily',
      at: new Date('2026-11-26T06:00:00Z'),
      reason: 'scheduled by "0 7 * * *"',
      input: {},
    };
    expect(next({ options, lastDaily })).toEqual(expected);
    expect(next({ options, lastDaily, markets: [] })).toEqual(expected);
  });

  test('is tried again after a minute, and later after half an hour at most', () => {
    const failed = (count: number) =>
      next({ lastDaily: earlier(DUE, DAY_MS), failedDaily: { at: NOW, count } });
    expect([1, 2, 3, 4, 5, 6, 100].map((count) => Number(failed(count)?.at) - Number(NOW))).toEqual(
      [1, 2, 4, 8, 16, 30, 30].map((minutes) => minutes * MINUTE_MS),
    );
    expect(failed(2)?.reason).toBe('attempt 3: New York closed on 2026-11-25');
    expect(retryDelayMs(1)).toBe(MINUTE_MS);
  });

  test('is due at once if the wait after a failure is over', () => {
    const failedDaily = { at: earlier(NOW, HOUR_MS), count: 9 };
    expect(next({ lastDaily: earlier(DUE, DAY_MS), failedDaily })?.at).toEqual(NOW);
  });

  test('does not wait if the market has closed again since the failure', () => {
    const failedDaily = { at: earlier(DUE, 1), count: 9 };
    expect(next({ lastDaily: earlier(DUE, 2 * DAY_MS), failedDaily })?.at).toEqual(NOW);
    // A minute before the close, the retry lies beyond it.
    const now = earlier(DUE, MINUTE_MS);
    expect(
      next({ lastDaily: earlier(DUE, 2 * DAY_MS), failedDaily: { at: now, count: 9 }, now })?.at,
    ).toEqual(DUE);
  });

  test('does not wait for a failure in the future, after the clock was set back', () => {
    const failedDaily = { at: new Date(NOW.getTime() + DAY_MS), count: 1 };
    expect(next({ lastDaily: earlier(DUE, DAY_MS), failedDaily })?.at).toEqual(NOW);
  });
});

describe('a missed day', () => {
  /** The instant after the close of a day in New York at which its run is due. */
  const due = (day: string) => new Date(`${day}T23:30:00Z`);
  const state = { firstDaily: due('2026-11-02'), lastDaily: NOW };
  const done = (...days: string[]) => days.map((day) => ({ startedAt: due(day) }));

  test('has its run after the run of the newest day, oldest first', () => {
    const recentDaily = [...done('2026-11-20'), { startedAt: NOW }];
    const expected = { kind: 'daily', at: NOW, reason: '2026-11-23 has no run', input: { to: '2026-11-23' } };
    expect(next({ ...state, recentDaily })).toEqual(expected);
    const first = { startedAt: NOW, to: '2026-11-23' };
    expect(next({ ...state, recentDaily: [...recentDaily, first] })).toMatchObject({
      input: { to: '2026-11-24' },
    });
    const second = { startedAt: NOW, to: '2026-11-24' };
    expect(next({ ...state, recentDaily: [...recentDaily, first, second] })?.at).toEqual(NEXT);
  });

  test('waits for the run of the newest day', () => {
    const lastDaily = due('2026-11-20');
    expect(next({ ...state, lastDaily, recentDaily: done('2026-11-20') })).toMatchObject({
      at: NOW,
      input: {},
    });
  });

  test('has no run if a later one came before the next close, as on the next morning', () => {
    const morning = { startedAt: new Date('2026-11-25T08:00:00Z') };
    const recentDaily = [...done('2026-11-20', '2026-11-23'), morning, { startedAt: NOW }];
    expect(next({ ...state, recentDaily })?.at).toEqual(NEXT);
  });

  test('has no run before the first one of the service', () => {
    expect(next({ firstDaily: NOW, lastDaily: NOW, recentDaily: [{ startedAt: NOW }] })?.at).toEqual(NEXT);
  });

  test('has no run if its calls would not be live any more', () => {
    // On Thursday, the runs of Friday and Monday are missing. Friday is six days ago.
    const now = new Date('2026-11-26T23:40:00Z');
    const recentDaily = [...done('2026-11-24', '2026-11-25'), { startedAt: now }];
    expect(next({ ...state, now, lastDaily: now, recentDaily })).toMatchObject({
      input: { to: '2026-11-23' },
    });
  });

  test('has no run if a cron expression takes the place of the markets', () => {
    const options = { ...DAILY, daily: { expression: '30 18 * * 1-5', timeZone: 'America/New_York' } };
    expect(next({ ...state, options, recentDaily: [{ startedAt: NOW }] })?.at).toEqual(NEXT);
  });
});

describe('an intraday run', () => {
  const options = { ...OFF, intraday: true };
  const now = new Date('2026-11-25T16:05:00Z');

  test('is due now if none was tried since the last quarter of an hour', () => {
    const expected = { kind: 'intraday', at: now, reason: 'New York trades', input: { mode: 'intraday' } };
    expect(next({ options, now })).toEqual(expected);
    expect(next({ options, now, lastIntraday: new Date('2026-11-25T16:01:00Z') })).toEqual(expected);
  });

  test('is due at the next quarter of an hour otherwise', () => {
    const lastIntraday = new Date('2026-11-25T16:02:00Z');
    expect(next({ options, now, lastIntraday })?.at).toEqual(new Date('2026-11-25T16:17:00Z'));
  });

  test('is not made up for while the market is closed', () => {
    expect(next({ options })?.at).toEqual(new Date('2026-11-26T15:02:00Z'));
  });
});

describe('a backup', () => {
  const options = { ...OFF, backup: true };

  test('is due at once in a service without any, and if the machine was off at half past three', () => {
    expect(next({ options })).toEqual({ kind: 'backup', at: NOW, reason: 'no backup yet' });
    expect(next({ options, lastBackup: new Date('2026-11-25T02:29:00Z') })?.at).toEqual(NOW);
  });

  test('is due at half past three of the machine otherwise', () => {
    expect(next({ options, lastBackup: new Date('2026-11-25T02:30:00Z') })?.at).toEqual(
      new Date('2026-11-26T02:30:00Z'),
    );
  });

  test('is tried again after a failure', () => {
    const failedBackup = { at: NOW, count: 1 };
    expect(next({ options, failedBackup })?.at).toEqual(new Date(NOW.getTime() + MINUTE_MS));
  });
});

describe('a retraining', () => {
  const options = { ...OFF, retraining: true };
  /** 06:00 in New York. */
  const saturday = new Date('2026-11-28T11:00:00Z');

  test('is due on Saturday morning in New York, as on AWS', () => {
    const expected = { kind: 'retrain', at: saturday };
    expect(next({ options, firstDaily: NOW })).toMatchObject(expected);
    expect(
      next({ options, firstDaily: earlier(NOW, 90 * DAY_MS), lastRetraining: earlier(saturday, 7 * DAY_MS) }),
    ).toMatchObject(expected);
  });

  test('is due at once if the machine was off on Saturday', () => {
    const now = new Date('2026-11-29T12:00:00Z');
    expect(next({ options, now, firstDaily: earlier(saturday, 1) })).toMatchObject({
      kind: 'retrain',
      at: now,
    });
    expect(
      next({ options, now, firstDaily: earlier(saturday, 30 * DAY_MS), lastRetraining: saturday })?.at,
    ).toEqual(new Date('2026-12-05T11:00:00Z'));
  });

  test('waits for the first daily run', () => {
    expect(next({ options })).toBeUndefined();
  });
});

test('of several runs that are due, the daily one comes first, then the backup, missed days and the retraining', () => {
  const options = { ...DAILY, intraday: true, retraining: true, backup: true };
  const long = earlier(NOW, 30 * DAY_MS);
  let state: Partial<ScheduleState> = { options, firstDaily: long, lastDaily: long };
  const started: unknown[] = [];
  for (let run = next(state); run && run.at <= NOW && started.length < 10; run = next(state)) {
    started.push(run.kind === 'daily' ? (run.input.to ?? run.kind) : run.kind);
    if (run.kind === 'backup') state = { ...state, lastBackup: NOW };
    else if (run.kind === 'retrain') state = { ...state, lastRetraining: NOW };
    else if (run.kind === 'daily') {
      const { to } = run.input;
      const recentDaily = [...(state.recentDaily ?? []), { startedAt: NOW, to }];
      state = { ...state, recentDaily, ...(to === undefined && { lastDaily: NOW }) };
    }
  }
  expect(started).toEqual(['daily', 'backup', '2026-11-23', '2026-11-24', 'retrain']);
  expect(next(state)).toMatchObject({ kind: 'backup', at: new Date('2026-11-26T02:30:00Z') });
});
