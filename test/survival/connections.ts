import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { request, signIn, startClientLoad } from './client-load.ts';
import { createAdmin, removeData, type ServiceProcess, startService } from './service.ts';
import { differingTables, readStoredRows, type StoredRows } from './stored-rows.ts';

const HELP = `Usage: npm run test:connections [-- options]

Starts the service on its sample and runs the pipeline month by month while clients read and write and Postgres
sessions are terminated at random. Then compares every stored row with those of a service that nothing disturbed.
Fails on any answer other than a success or a 503, on a confirmed registration that is missing, on a process that
ends, and on a row that differs.

  --seconds N       seconds during which sessions are terminated (default 120)
  --interval MS     milliseconds between two terminations (default 100)
  --rate N          requests a second (default 30)
  --help            print this text
`;

const whole = (least: number) =>
  z.coerce.number('is not a number').int('is not whole').min(least, `is below ${least}`);
const Options = z.object({
  help: z.boolean().default(false),
  seconds: whole(1).default(120),
  interval: whole(1).default(100),
  rate: whole(1).max(500, 'is above 500').default(30),
});

const ADMIN = { email: 'admin@example.com', password: 'a lantern over wet cobbles' };
/** A run that fails so often is not failing because of lost connections. */
const MOST_FAILURES = 100;
const DAYS = [
  '2012-07-31',
  '2012-08-31',
  '2012-09-28',
  '2012-10-31',
  '2012-11-30',
  '2012-12-31',
  '2013-03-01',
];

/** Runs the pipeline as of a day until it succeeds; gives how many runs failed before. */
async function runAsOf(service: ServiceProcess, token: () => Promise<string>, day: string): Promise<number> {
  for (let failed = 0; failed < MOST_FAILURES; failed++) {
    const started = await request(service.url, 'POST', '/v1/admin/runs', { to: day }, await token());
    if (started.ok) {
      const { id } = (await started.json()) as { id: string };
      if ((await statusOf(service, token, id)) === 'succeeded') return failed;
    } else if (started.status !== 503)
      throw new Error(`start of ${day}: ${started.status} ${await started.text()}`);
    await wait(100);
  }
  throw new Error(`the run as of ${day} failed ${MOST_FAILURES} times`);
}

/** Waits until a run has ended. A run that never reached the ledger counts as failed. */
async function statusOf(service: ServiceProcess, token: () => Promise<string>, id: string): Promise<string> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    await wait(200);
    if (service.ended()) throw new Error(`the service ended with ${service.ended()}:\n${service.output()}`);
    const response = await request(service.url, 'GET', `/v1/admin/runs/${id}`, undefined, await token());
    if (response.status === 404 && Date.now() > end - 90_000) return 'unknown';
    if (!response.ok) continue;
    const { status } = (await response.json()) as { status: string };
    if (status !== 'running') return status;
  }
  throw new Error(`run ${id} does not end`);
}

/** Reads an administrator's token, signing in again before it expires. */
function tokens(service: ServiceProcess): () => Promise<string> {
  let token: string | undefined;
  let readAt = 0;
  return async () => {
    if (token === undefined || Date.now() - readAt > 600_000) {
      token = (await signIn(service.url, ADMIN)).accessToken;
      readAt = Date.now();
    }
    return token;
  };
}

async function withService<T>(
  work: (service: ServiceProcess, token: () => Promise<string>) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-connections-'));
  const service = await startService(dataDir).catch(async (error) => {
    await removeData(dataDir);
    throw error;
  });
  try {
    await createAdmin(dataDir, ADMIN);
    return await work(service, tokens(service));
  } finally {
    await service.stop();
    await removeData(dataDir);
  }
}

async function readRows(service: ServiceProcess): Promise<StoredRows> {
  const sql = await service.superuser();
  try {
    return await readStoredRows(sql);
  } finally {
    await sql.end();
  }
}

/** Terminates one session of the service after another, chosen at random by the server. */
async function terminateSessions(
  service: ServiceProcess,
  interval: number,
  signal: AbortSignal,
): Promise<number> {
  const sql = await service.superuser();
  let terminated = 0;
  try {
    while (!signal.aborted) {
      const ended = await sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename LIKE 'boursomatic%' ORDER BY random() LIMIT 1`;
      terminated += ended.length;
      await wait(interval, undefined, { signal }).catch(() => {});
    }
  } finally {
    await sql.end();
  }
  return terminated;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    options: { seconds: text, interval: text, rate: text, help: { type: 'boolean' } },
  });
  const options = checkOptions(Options, values);
  if (options.help) return void process.stdout.write(HELP);
  const progress = new Progress();

  progress.update('Undisturbed…');
  const expected = await withService(async (service, token) => {
    for (const day of DAYS) await runAsOf(service, token, day);
    return readRows(service);
  });

  const result = await withService(async (service, token) => {
    await token();
    const load = await startClientLoad(service.url, options.rate);
    const stop = new AbortController();
    const terminating = terminateSessions(service, options.interval, stop.signal);
    const timer = setTimeout(() => stop.abort(), options.seconds * 1000);
    let failedRuns = 0;
    let disturbedRuns = 0;
    // A run that changes nothing must survive as well, so the days repeat until the time is up. Then each is run once
    // more: a day that never succeeded must be there in the end.
    while (!stop.signal.aborted) {
      for (const day of DAYS) {
        if (stop.signal.aborted) break;
        progress.update(`Disturbed: ${disturbedRuns} runs succeeded, ${failedRuns} failed`);
        failedRuns += await runAsOf(service, token, day);
        disturbedRuns += 1;
      }
    }
    clearTimeout(timer);
    const terminated = await terminating;
    for (const day of DAYS) failedRuns += await runAsOf(service, token, day);
    const answers = await load.stop();
    const sql = await service.superuser();
    const missing = await sql<{ email: string }[]>`
      SELECT told.value AS email FROM jsonb_array_elements_text(${sql.json(answers.registered)}) AS told
      WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.email = told.value)`;
    await sql.end();
    const defects = service
      .output()
      .split('\n')
      .filter((line) => line.includes('"status":500'));
    return {
      terminated,
      defects,
      disturbedRuns,
      failedRuns,
      answers,
      missing,
      rows: await readRows(service),
    };
  });

  const faults = [
    ...result.answers.wrong,
    ...result.defects,
    ...result.missing.map(({ email }) => `${email} was registered and is missing`),
    ...differingTables(expected, result.rows),
  ];
  for (const fault of faults) progress.line(fault);
  const { wrong: _, registered, ...answers } = result.answers;
  const summary = {
    terminated: result.terminated,
    disturbedRuns: result.disturbedRuns,
    failedRuns: result.failedRuns,
    ...answers,
    registered: registered.length,
    faults: faults.length,
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

await exitOnError(main);
