import { describe, expect, test } from 'vitest';
import type { UpdateState } from '../../../functions/api/core/update-state.ts';
import {
  BadInputError,
  DatabaseUnreachableError,
  SystematicFaultError,
} from '../../../functions/shared/errors.ts';
import { NEW_YORK } from '../../../local/schedule/exchanges.ts';
import type { RunKind, ScheduleOptions } from '../../../local/schedule/schedule.ts';
import { type FirstRun, keepUp, type Past } from '../../../local/service/upkeep.ts';

const MINUTE = 60_000;
const OFF = { daily: 'off', intraday: false, retraining: false, backup: false, timeZone: 'UTC' } as const;
/** Monday, before the close. */
const MONDAY = '2026-03-02T15:00:00Z';

interface World {
  /** `kind` at `instant` for each piece of work that began. */
  work: string[];
  lines: string[];
  states: UpdateState[];
}

/**
 * Keeps up for a number of simulated minutes. The clock moves by a minute with each step in which the loop waits.
 *
 * @param fail - gives the error of work that fails
 */
async function simulate(
  minutes: number,
  {
    from = MONDAY,
    schedule = {},
    past = {},
    first,
    fail = () => undefined,
    readPast,
    clock = (next) => next,
  }: {
    from?: string;
    schedule?: Partial<ScheduleOptions>;
    past?: Partial<Past>;
    first?: Pick<FirstRun, 'isCoveredByDaily'>;
    fail?: (kind: RunKind | 'first', at: string) => unknown;
    readPast?: () => Promise<Past>;
    /** Sets the clock: receives its next time, and returns another one. */
    clock?: (next: number) => number;
  },
): Promise<World> {
  const world: World = { work: [], lines: [], states: [] };
  const stop = new AbortController();
  let time = Date.parse(from);
  let steps = 0;
  const known: Past = { markets: [NEW_YORK], ...past };
  const perform = (kind: RunKind | 'first') => async () => {
    const at = new Date(time).toISOString().slice(5, 16);
    world.work.push(`${kind} ${at}`);
    const error = fail(kind, at);
    if (error) throw error;
    if (kind === 'daily') known.lastDaily = new Date(time);
  };
  /** The run of an earlier day, which the ledger does not record. */
  const performDay = async (to: string) => {
    const at = new Date(time).toISOString().slice(5, 16);
    world.work.push(`${to} ${at}`);
    const error = fail('daily', at);
    if (error) throw error;
  };
  await keepUp({
    schedule: { ...OFF, ...schedule },
    first: first && { reason: 'required', ...first, perform: perform('first') },
    readPast: readPast ?? (async () => ({ ...known })),
    perform: {
      run: ({ mode, to }) =>
        to === undefined ? perform(mode === 'intraday' ? 'intraday' : 'daily')() : performDay(to),
      backup: perform('backup'),
      retrain: perform('retrain'),
    },
    say: (line) => world.lines.push(line),
    publish: (state) => world.states.push(state),
    signal: stop.signal,
    now: () => new Date(time),
    wait: async () => {
      time = clock(time + MINUTE);
      if (++steps >= minutes) stop.abort();
    },
  });
  return world;
}

const DAILY = { daily: 'markets' } as const;
const DONE = { lastDaily: new Date('2026-02-28T12:00:00Z') };

describe('a service', () => {
  test('makes a missed run at its start, dated now, and then one after each close', async () => {
    const missed = { lastDaily: new Date('2026-02-26T12:00:00Z') };
    const { work } = await simulate(2 * 24 * 60, { schedule: DAILY, past: missed });
    expect(work).toEqual(['daily 03-02T15:00', 'daily 03-02T23:30', 'daily 03-03T23:30']);
  });

  test.each([
    ['that succeeds', false],
    ['that fails', true],
  ])(
    'makes up once for a day that passed without a run, after the run of the newest day: one %s',
    async (_, isFailing) => {
      const startedAt = new Date('2026-02-25T23:30:00Z');
      const past = { firstDaily: startedAt, lastDaily: startedAt, recentDaily: [{ startedAt }] };
      let attempts = 0;
      const fail = () => isFailing && ++attempts === 2 && new SystematicFaultError('No answer.');
      const { work, states, lines } = await simulate(60, { schedule: DAILY, past, fail });
      // Wednesday has its run. The run of Monday morning makes the calls of Friday.
      expect(work).toEqual(['daily 03-02T15:00', '2026-02-26 03-02T15:00']);
      expect(lines.includes('The run failed: No answer.')).toBe(isFailing);
      expect(states.at(-1)).toMatchObject({ failingSince: null, reason: null });
    },
  );

  test('makes no run at its start if none was missed, and says when the next one begins', async () => {
    const { work, lines, states } = await simulate(60, { schedule: DAILY, past: DONE });
    expect(work).toEqual([]);
    expect(lines).toEqual(['Next run: Mon 2 Mar, 23:30 (UTC), New York closed on 2026-03-02.']);
    expect(states.at(-1)).toEqual({
      failingSince: null,
      reason: null,
      next: new Date('2026-03-02T23:30:00Z'),
    });
  });

  test('repeats a run that fails after longer and longer pauses, until it succeeds', async () => {
    const { work, lines, states } = await simulate(12 * 60, {
      schedule: DAILY,
      past: DONE,
      fail: (_, at) =>
        at < '03-03T01:00' && new SystematicFaultError('The provider refused 5 of 5 instruments. AAPL (x).'),
    });
    // The pauses are 1, 2, 4, 8, 16 and then 30 minutes.
    const times = ['30', '31', '33', '37', '45'].map((minute) => `daily 03-02T23:${minute}`);
    expect(work).toEqual([...times, 'daily 03-03T00:01', 'daily 03-03T00:31', 'daily 03-03T01:01']);
    expect(lines).toContain('The run failed: The provider refused 5 of 5 instruments. AAPL (x).');
    const failing = states.findLast(({ failingSince }) => failingSince !== null);
    expect(failing).toMatchObject({ reason: 'The provider refused 5 of 5 instruments.' });
    expect(failing?.failingSince?.toISOString()).toMatch(/^2026-03-02T23:30/);
    expect(states.at(-1)).toMatchObject({ failingSince: null, reason: null });
  });

  test('names the first failure of an outage, also if an earlier process had it', async () => {
    const failingSince = new Date('2026-03-01T23:30:00Z');
    const { states } = await simulate(30, {
      schedule: DAILY,
      past: { lastDaily: new Date('2026-02-26T12:00:00Z'), failingSince },
      fail: () => new DatabaseUnreachableError('database: 10.0.0.7 is gone'),
    });
    expect(states.at(-1)).toMatchObject({ failingSince, reason: 'The database cannot be reached.' });
  });

  test('notices that another command has made the run that failed', async () => {
    let reads = 0;
    const { work, states } = await simulate(60, {
      schedule: DAILY,
      fail: () => new Error('down'),
      readPast: async () => ({
        markets: [NEW_YORK],
        ...(++reads > 2 && { lastDaily: new Date('2026-03-02T15:00:30Z') }),
      }),
    });
    expect(work).toEqual(['daily 03-02T15:00']);
    expect(states[1]?.failingSince).not.toBeNull();
    expect(states.at(-1)?.failingSince).toBeNull();
  });

  test('goes on when the ledger cannot be read, and says so once', async () => {
    let reads = 0;
    const { work, lines, states } = await simulate(10 * 60, {
      schedule: DAILY,
      readPast: async () => {
        if (reads++ < 3) throw new Error('no connection');
        return { markets: [NEW_YORK], ...DONE };
      },
    });
    expect(work.slice(0, 1)).toEqual(['daily 03-02T23:30']);
    expect(states[0]).toMatchObject({ failingSince: new Date(MONDAY) });
    expect(states[3]).toMatchObject({ failingSince: null });
    expect(lines.filter((line) => line.includes('no connection'))).toEqual([
      'No run can be made: Error: no connection',
    ]);
  });

  test('goes on after the clock was years ahead', async () => {
    const back = Date.parse(MONDAY);
    const { work } = await simulate(12 * 60, {
      from: '2036-03-03T22:59:00Z',
      schedule: { daily: 'markets', backup: true },
      clock: (next) => (next > Date.parse('2036-03-03T23:10:00Z') ? back : next),
    });
    expect(work).toEqual([
      'daily 03-03T22:59',
      'backup 03-03T22:59',
      'daily 03-02T15:48',
      'backup 03-02T15:48',
      'daily 03-02T23:30',
    ]);
  });

  test('attempts a run of 15-minute bars once a quarter of an hour, although the ledger has no trace of it', async () => {
    const { work } = await simulate(50, {
      from: '2026-03-02T16:00:00Z',
      schedule: { intraday: true },
      fail: () => new Error('down'),
    });
    expect(work).toEqual([
      'intraday 03-02T16:00',
      'intraday 03-02T16:02',
      'intraday 03-02T16:17',
      'intraday 03-02T16:32',
      'intraday 03-02T16:47',
    ]);
  });

  test('makes backups also while daily runs fail', async () => {
    const { work } = await simulate(10 * 60, {
      schedule: { ...DAILY, backup: true },
      past: { ...DONE, lastBackup: new Date('2026-03-02T04:00:00Z') },
      fail: (kind) => kind === 'daily' && new Error('down'),
      from: '2026-03-02T22:00:00Z',
    });
    expect(work.filter((line) => line.startsWith('backup'))).toEqual(['backup 03-03T03:30']);
  });
});

describe('the run that a start requires', () => {
  test('is made although no run is due', async () => {
    const first = { isCoveredByDaily: true };
    const { work } = await simulate(60, { schedule: DAILY, past: DONE, first });
    expect(work).toEqual(['first 03-02T15:00']);
  });

  test('is not made in addition to a daily run that covers it', async () => {
    const first = { isCoveredByDaily: true };
    const { work } = await simulate(60, { schedule: DAILY, first });
    expect(work).toEqual(['daily 03-02T15:00']);
  });

  test('is repeated until it succeeds if there is no schedule', async () => {
    const { work, lines, states } = await simulate(60, {
      first: { isCoveredByDaily: false },
      fail: (_, at) => at < '03-02T15:05' && new Error('down'),
    });
    expect(work).toHaveLength(4);
    expect(lines.at(-1)).toBe('Next run: none by schedule.');
    expect(states.at(-1)).toEqual({ failingSince: null, reason: null, next: null });
  });

  test('is not repeated if its options are wrong', async () => {
    const { work, states } = await simulate(60, {
      first: { isCoveredByDaily: false },
      fail: () => new BadInputError('no such run'),
    });
    expect(work).toEqual(['first 03-02T15:00']);
    expect(states.at(-1)).toMatchObject({ failingSince: null });
  });
});
