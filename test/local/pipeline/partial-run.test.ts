import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  NotFoundError,
  RateLimitedError,
  SchemaDriftError,
} from '../../../functions/ingest/providers/errors.ts';
import type { Bar, Provider } from '../../../functions/ingest/providers/provider.ts';
import { setBenchmark } from '../../../functions/ingest/reference/benchmark.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import type { PipelineInput } from '../../../functions/shared/contracts.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { DAY_MS, toDay } from '../../../functions/shared/days.ts';
import { SystematicFaultError } from '../../../functions/shared/errors.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { runPipeline } from '../../../local/pipeline/run-pipeline.ts';
import { readRunReport } from '../../../local/reports/run-report.ts';
import { Progress } from '../../../local/terminal/progress.ts';
import { seedPeers } from '../../functions/infer/infer-support.ts';
import { seedInstruments, seedModel } from '../../functions/infer/support.ts';
import { useTestDatabase } from '../../support/database.ts';

const SOUND = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH'];
const OTHERS = ['VVV', 'WWW', 'XXX', 'YYY', 'ZZZ'];

/** A Friday, and the Monday and the Friday after it. */
const [FRIDAY, MONDAY, NEXT_FRIDAY] = ['2026-03-06', '2026-03-09', '2026-03-13'] as const;

const vendor = vi.hoisted(() => ({ fetchBars: vi.fn<Provider['fetchBars']>() }));
vi.mock('../../../functions/ingest/providers/open.ts', () => ({
  openProvider: async () => ({ name: 'sample', fetchBars: vendor.fetchBars }),
}));

const db = useTestDatabase();
beforeAll(async () => {
  vi.stubEnv(ENV.pipelineDatabaseSecret, db.url('pipeline'));
  vi.stubEnv(ENV.modelObjectsUrl, BUNDLED_RELEASE.href);
  vi.stubEnv(ENV.provider, 'sample');
  vi.stubEnv('LOG_LEVEL', 'silent');
});
afterAll(async () => {
  await closeDatabases();
  vi.unstubAllEnvs();
});
let tests = 0;
beforeEach(async () => {
  tests++;
  vi.stubEnv(ENV.rawObjectsUrl, pathToFileURL(`${db.objects}/${tests}/`).href);
  vi.stubEnv(ENV.publicationObjectsUrl, pathToFileURL(`${db.objects}/${tests}/publications/`).href);
  await db.sql`
    TRUNCATE recommendations, features, feature_backlog, price_bars, model_versions, pipeline_runs, instruments CASCADE`;
  await seedInstruments(db.sql, [...SOUND, ...OTHERS]);
  await seedModel(db.sql, '.', 'v1.0.0');
  await seedPeers(db.sql, [FRIDAY, MONDAY, NEXT_FRIDAY]);
  vendor.fetchBars.mockImplementation(answer());
});

/** Bars of the weekdays up to a day, on a path of the instrument's own. */
function barsUpTo(symbol: string, from: string, last: string): Bar[] {
  const bars: Bar[] = [];
  const step = symbol.charCodeAt(0);
  for (let ts = Date.UTC(2025, 0, 1); ts <= Date.parse(last); ts += DAY_MS) {
    if ([0, 6].includes(new Date(ts).getUTCDay()) || toDay(ts) < from) continue;
    const c = 50 * (1 + 0.1 * Math.sin((ts / DAY_MS) * 1.7 + step));
    bars.push({ ts, o: c, h: c * 1.01, l: c * 0.99, c, v: 1000 + ((step * (ts / DAY_MS)) % 700) });
  }
  return bars;
}

/** Answers every request up to a day, except those for some symbols. */
function answer({
  last = '9999-12-31',
  failing = [] as string[],
  error = (symbol: string): Error => new NotFoundError(`${symbol}: is unknown`),
} = {}): Provider['fetchBars'] {
  return async ({ symbol, from, to }) => {
    if (failing.includes(symbol)) throw error(symbol);
    return { bars: barsUpTo(symbol, from, to < last ? to : last), actions: [] };
  };
}

async function run(day: string, input: Partial<PipelineInput> = {}, id?: string): Promise<string> {
  vi.stubEnv(ENV.clock, `${day}T23:59:00Z`);
  const progress = new Progress(new PassThrough() as unknown as NodeJS.WriteStream);
  const { runId } = await runPipeline(input, progress, id);
  return runId;
}

async function ledger(id: string) {
  const [row] = await db.sql`SELECT status, error FROM pipeline_runs WHERE id = ${id}`;
  return row;
}

/** The days of the active calls, with the symbols of each; carried-over calls in brackets. */
async function calls(): Promise<Record<string, string>> {
  const rows = await db.sql<{ day: string; symbols: string }[]>`
    SELECT day, string_agg(CASE WHEN carried_over THEN '(' || symbol || ')' ELSE symbol END, ' ' ORDER BY symbol) AS symbols
    FROM (
      SELECT DISTINCT to_char(r.as_of, 'YYYY-MM-DD') AS day, i.symbol, r.is_carried_over AS carried_over
      FROM recommendations r JOIN instruments i ON i.id = r.instrument_id WHERE r.is_active
    ) c GROUP BY day ORDER BY day`;
  return Object.fromEntries(rows.map(({ day, symbols }) => [day, symbols]));
}

const ALL = [...SOUND, ...OTHERS].join(' ');
const KEPT = OTHERS.map((symbol) => `(${symbol})`).join(' ');

describe('a run of 13 instruments', () => {
  test('publishes the 8 sound ones, ends as partial, and keeps the dated calls of the others', async () => {
    await run(FRIDAY);
    expect(await calls()).toEqual({ [FRIDAY]: ALL });
    vendor.fetchBars.mockImplementation(answer({ failing: OTHERS }));
    expect(await ledger(await run(MONDAY))).toEqual({
      status: 'partial',
      error: '5 of 13 instruments failed. not_found: VVV, WWW, XXX and 2 more (VVV: is unknown).',
    });
    expect(await calls()).toEqual({ [FRIDAY]: KEPT, [MONDAY]: SOUND.join(' ') });
  });

  test('ends in the same state if a partial run is repeated under its id', async () => {
    await run(FRIDAY);
    vendor.fetchBars.mockImplementation(answer({ failing: OTHERS }));
    const id = await run(MONDAY, {}, 'monday');
    const rows = () => db.sql`SELECT * FROM recommendations ORDER BY id`;
    const before = [...(await rows())];
    const ended = await ledger(id);
    await run(MONDAY, {}, 'monday');
    expect([...(await rows())]).toEqual(before);
    expect(await ledger(id)).toEqual(ended);
  });

  test('does not depend on the benchmark, which gets bars and no calls', async () => {
    await setBenchmark(db.client('pipeline'), 'SPY');
    const barsOf = async (day: string) => {
      const [row] = await db.sql`
        SELECT count(*)::int AS bars FROM price_bars WHERE instrument_id = benchmark_instrument() AND ts = ${day}`;
      return row?.bars;
    };
    const report = async (id: string) => (await readRunReport(db.client('pipeline'), id)).counts;
    expect(await report(await run(FRIDAY))).toMatchObject({ instruments: 13, failures: 0 });
    expect(await barsOf(FRIDAY)).toBe(1);
    vendor.fetchBars.mockImplementation(answer({ failing: ['SPY'] }));
    const id = await run(MONDAY);
    expect(await ledger(id)).toEqual({ status: 'succeeded', error: null });
    expect(await report(id)).toMatchObject({ instruments: 13, failures: 0 });
    expect(await barsOf(MONDAY)).toBe(0);
    expect(await calls()).toEqual({ [MONDAY]: ALL });
    expect(
      await db.sql`SELECT symbol, reason_code FROM pipeline_failures WHERE run_id = ${id} AND step = 'fetch'`,
    ).toEqual([{ symbol: 'SPY', reason_code: 'not_found' }]);
  });

  test('is completed by a run of those that failed', async () => {
    await run(FRIDAY);
    vendor.fetchBars.mockImplementation(answer({ failing: OTHERS }));
    await run(MONDAY);
    vendor.fetchBars.mockImplementation(answer());
    expect(await ledger(await run(MONDAY, { symbols: OTHERS }))).toEqual({
      status: 'succeeded',
      error: null,
    });
    expect(await calls()).toEqual({ [MONDAY]: ALL });
  });

  test('is completed under its id if a retry helps', async () => {
    await run(FRIDAY);
    const error = (symbol: string) => new RateLimitedError(`${symbol}: too many requests`);
    vendor.fetchBars.mockImplementation(answer({ failing: OTHERS, error }));
    expect(await ledger(await run(MONDAY, {}, 'monday'))).toMatchObject({ status: 'partial' });
    vendor.fetchBars.mockImplementation(answer());
    expect(await ledger(await run(MONDAY, {}, 'monday'))).toEqual({ status: 'succeeded', error: null });
    expect(await calls()).toEqual({ [MONDAY]: ALL });
  });

  test.each<[string, string, Provider['fetchBars'], RegExp]>([
    [
      'the provider refuses all',
      MONDAY,
      answer({
        failing: [...SOUND, ...OTHERS],
        error: (symbol) => new RateLimitedError(`${symbol}: too many requests`),
      }),
      /^The provider refused 13 of 13 instruments\. .* Start a new run when the provider answers again, or with another provider\.$/,
    ],
    [
      'the provider refuses most',
      MONDAY,
      answer({
        failing: SOUND,
        error: (symbol) => new RateLimitedError(`${symbol}: too many requests`),
      }),
      /^The provider refused 8 of 13 instruments\./,
    ],
    [
      'the form of most answers is unknown',
      MONDAY,
      answer({ failing: SOUND, error: (symbol) => new SchemaDriftError(`${symbol}: no chart`) }),
      /^The format of 8 of 13 answers is unknown\. .* update Boursomatic\.$/,
    ],
    [
      'no instrument is sound',
      MONDAY,
      answer({ failing: [...SOUND, ...OTHERS] }),
      /^All 13 instruments failed\. .* Remove the cause, then start a new run\.$/,
    ],
    [
      'no instrument has a new bar although one was due',
      NEXT_FRIDAY,
      answer({ last: FRIDAY }),
      /^No instrument has a bar after 2026-03-06, for 4 weekdays\. .* Check whether the provider still adds bars/,
    ],
  ])('publishes nothing if %s, and says what to do', async (_, day, faulty, message) => {
    await run(FRIDAY);
    vendor.fetchBars.mockImplementation(faulty);
    const failing = run(day, {}, 'faulty');
    await expect(failing).rejects.toThrow(SystematicFaultError);
    await expect(failing).rejects.toThrow(message);
    expect(await ledger('faulty')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('Nothing was published, and earlier recommendations stay active.'),
    });
    expect(await calls()).toEqual({ [FRIDAY]: ALL });
  });

  test('succeeds on a holiday, for which no instrument has a bar', async () => {
    await run(FRIDAY);
    vendor.fetchBars.mockImplementation(answer({ last: FRIDAY }));
    expect(await ledger(await run(MONDAY))).toEqual({ status: 'succeeded', error: null });
    expect(await calls()).toEqual({ [FRIDAY]: ALL });
  });
});
