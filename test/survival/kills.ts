import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connect } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { openInstallation } from '../../local/installation/installation.ts';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { request } from './client-load.ts';
import { clusterOf, type LaunchedService, launchService, removeData, servedUrl } from './service.ts';
import { differingTables, readStoredRows, type StoredRows } from './stored-rows.ts';

const HELP = `Usage: npm run test:kills [-- options]

Kills or freezes the service at random points, from the creation of its database to its stop, and starts it again.
After every few kills it finishes undisturbed. Fails if a start fails, a stored row differs from those of a service
that nothing disturbed, a confirmed registration is missing, a run stays open, or a process or a file is left behind.

  --kills N         how many times it is killed or frozen (default 200)
  --freeze SECONDS  how long it is frozen (default 60)
  --seed N          seed of the random points (default 1)
  --help            this text
`;

const whole = (least: number) =>
  z.coerce.number('is not a number').int('is not whole').min(least, `is below ${least}`);
const Options = z.object({
  help: z.boolean().default(false),
  kills: whole(1).default(200),
  freeze: whole(1).default(60),
  seed: whole(0).default(1),
});

/** Kills of one data folder. The first can hit the creation of its database. */
const KILLS_OF_FOLDER = 5;
const START = fileURLToPath(new URL('announced-start.ts', import.meta.url));
/** The longest that a service may take until it serves and has made its run. */
const LIMIT_MS = 180_000;
const PASSWORD = 'a lantern over wet cobbles';

const DAYS = ['2012-07-31', '2012-09-28', '2012-12-31', '2013-03-01'];

/** A moment in the life of the service: what it prints then, and the most milliseconds that pass until the kill. */
interface Point {
  name: string;
  after: RegExp;
  within: number;
  /** It exists only in a new data folder. */
  isFirst?: boolean;
}

const POINTS: Point[] = [
  { name: 'initdb', after: /Starting Postgres/, within: 4_000, isFirst: true },
  { name: 'start', after: /Starting Postgres/, within: 500 },
  { name: 'migrate', after: /Applying database migrations/, within: 1_000 },
  { name: 'plan', after: /Plan…/, within: 100 },
  { name: 'fetch', after: /Plan…/, within: 500 },
  { name: 'load', after: /Fetch 1\//, within: 300 },
  { name: 'features', after: /Load 1\//, within: 500 },
  { name: 'infer', after: /Infer…/, within: 500 },
  { name: 'publish', after: /Publish…/, within: 60 },
  { name: 'score', after: /Score…/, within: 60 },
  { name: 'serve', after: /\/v1\/docs/, within: 300 },
  { name: 'idle', after: /Next run: /, within: 300 },
  { name: 'stop', after: /\/v1\/docs/, within: 400 },
];

const KINDS = ['node', 'group', 'postgres', 'frozen node', 'frozen Postgres'] as const;
type Kind = (typeof KINDS)[number];

/** Draws numbers from 0 to 1, equal for equal seeds (the mulberry32 generator). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A data folder that is disturbed, and what must be in it at the end. */
interface Life {
  dataDir: string;
  registered: string[];
  faults: string[];
}

/** Waits until the service has printed a text; false if it ended before. */
async function printed(service: LaunchedService, pattern: RegExp): Promise<boolean> {
  const end = Date.now() + LIMIT_MS;
  while (!pattern.test(service.output())) {
    if (service.ended() !== undefined) return false;
    if (Date.now() > end) throw new Error(`the service hangs:\n${service.output()}`);
    await wait(5);
  }
  return true;
}

/** Pids of the server and its sessions; none while there is no server. */
async function postgresPids(dataDir: string): Promise<number[]> {
  const file = join(await clusterOf(dataDir), 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!pid) return [];
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([own, parent, ...rest]) => rest.join(' ').includes('postgres') && [own, parent].includes(String(pid)),
    )
    .map(([own]) => Number(own));
}

function send(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}

/** Kills or freezes the service; gives whether it is expected to go on. */
async function disturb(life: Life, service: LaunchedService, kind: Kind, freeze: number): Promise<boolean> {
  const node = defined(service.child.pid, 'pid of the service');
  const postgres = kind.toLowerCase().includes('postgres') ? await postgresPids(life.dataDir) : [];
  if (kind.startsWith('frozen')) {
    const frozen = postgres.length > 0 ? postgres : [node];
    send(frozen, 'SIGSTOP');
    await wait(freeze * 1000);
    send(frozen, 'SIGCONT');
    return true;
  }
  if (kind === 'postgres' && postgres.length > 0) {
    send(postgres.slice(0, 1), 'SIGKILL');
    return true;
  }
  send([kind === 'group' ? -node : node], 'SIGKILL');
  await service.end;
  return false;
}

/** Registers a user at a serving service, and notes the address if the service confirms it. */
async function register(life: Life, service: LaunchedService): Promise<void> {
  const email = `user${life.registered.length}@example.com`;
  const url = defined(servedUrl(service.output()), 'address of the service');
  const answer = await request(url, 'POST', '/v1/auth/register', { email, password: PASSWORD }).catch(
    () => {},
  );
  if (answer?.ok) life.registered.push(email);
}

/** Starts the service as of a day, disturbs it once, and lets it end; gives whether it finished the day's run. */
async function startAndDisturb(
  life: Life,
  day: string,
  { point, kind, delay, freeze }: { point: Point; kind: Kind; delay: number; freeze: number },
): Promise<boolean> {
  const service = launchService(life.dataDir, ['--port', '0', '--as-of', day], {
    program: START,
    isLeader: true,
  });
  const fault = (text: string) =>
    life.faults.push(`${point.name}, ${kind}, ${delay} ms: ${text}\n${service.output()}`);
  if (!(await printed(service, point.after))) fault(`ended with ${service.ended()} before it was disturbed`);
  if (point.name === 'serve') await register(life, service);
  if (point.name === 'stop') service.child.kill('SIGTERM');
  await wait(delay);
  if (service.ended() === undefined && (await disturb(life, service, kind, freeze))) {
    if (point.name !== 'stop') {
      if (!(await printed(service, /Next run: /))) fault(`ended with ${service.ended()} instead of serving`);
      service.child.kill('SIGTERM');
    }
    await service.end;
    if (service.ended() !== 'exit 0') fault(`ended with ${service.ended()}`);
  }
  return /^Run \S+ finished in /m.test(service.output());
}

/** Runs the pipeline as of a day and ends. */
async function runOnce(dataDir: string, day: string): Promise<void> {
  const service = launchService(dataDir, ['--once', '--as-of', day]);
  const end = await service.end;
  if (end !== 'exit 0') throw new Error(`the run as of ${day} ended with ${end}:\n${service.output()}`);
}

/** Reads what the data folder holds. */
async function readRows(life: Life): Promise<StoredRows> {
  const installation = await openInstallation({
    dataDir: life.dataDir,
    database: 'boursomatic_sample',
    owner: true,
  });
  const sql = connect(installation.login('boursomatic_migrator'));
  try {
    const open = await sql<{ id: string }[]>`SELECT id FROM pipeline_runs WHERE status = 'running'`;
    for (const { id } of open) life.faults.push(`run ${id} is still open`);
    const users = await sql<{ email: string }[]>`SELECT email::text FROM users`;
    for (const email of life.registered) {
      if (!users.some((user) => user.email === email))
        life.faults.push(`${email} was registered and is missing`);
    }
    return await readStoredRows(sql);
  } finally {
    await sql.end();
    await installation.close();
  }
}

/** How long a process may take to notice that its server has stopped: a backend that had just been forked. */
const LAST_EXIT_MS = 5000;

/** Processes and files that a stopped service must not leave. */
async function leftBehind({ dataDir }: Life): Promise<string[]> {
  const cluster = await clusterOf(dataDir);
  let processes = processesOf(dataDir, cluster);
  for (const deadline = Date.now() + LAST_EXIT_MS; processes.length > 0 && Date.now() < deadline; ) {
    await wait(200);
    processes = processesOf(dataDir, cluster);
  }
  const files = [
    ...(await readdir(dataDir)).filter(
      (name) => !['objects', 'postgres', 'publications', 'secrets'].includes(name),
    ),
    ...(await readdir(dirname(cluster))).filter(
      (name) => ![basename(cluster), 'cluster-is-at', 'reserve'].includes(name),
    ),
    ...(await readdir(join(dataDir, 'secrets'))).filter((name) => !name.endsWith('.json')),
  ];
  return [
    ...processes.map((line) => `still running: ${line.trim()}`),
    ...files.map((name) => `left: ${name}`),
  ];
}

/** Lines of `ps` that name one of the folders, without zombies. */
function processesOf(...folders: string[]): string[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,stat=,command='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => folders.some((folder) => line.includes(folder)) && !/^\s*\d+\s+Z/.test(line));
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    options: { kills: text, freeze: text, seed: text, help: { type: 'boolean' } },
  });
  const options = checkOptions(Options, values);
  if (options.help) return void process.stdout.write(HELP);
  const progress = new Progress();
  const random = makeRandom(options.seed);
  const pick = <T>(list: readonly T[]): T => defined(list[Math.floor(random() * list.length)], 'choice');
  const newLife = async (): Promise<Life> => ({
    dataDir: await mkdtemp(join(tmpdir(), 'boursomatic-kills-')),
    registered: [],
    faults: [],
  });

  progress.update('Undisturbed…');
  const calm = await newLife();
  let expected: StoredRows;
  try {
    for (const day of DAYS) await runOnce(calm.dataDir, day);
    expected = await readRows(calm);
  } finally {
    await removeData(calm.dataDir);
  }

  const counts: Record<string, number> = {};
  const faults: string[] = [];
  for (let kills = 0; kills < options.kills; ) {
    const life = await newLife();
    let done = 0;
    for (let n = 0; n < KILLS_OF_FOLDER && kills < options.kills; n++, kills++) {
      const first = n === 0 && random() < 0.5;
      const point = pick(POINTS.filter(({ isFirst = false }) => isFirst === first));
      const kind = pick(KINDS);
      const delay = Math.round(random() * point.within);
      progress.line(`Kill ${kills + 1} of ${options.kills}: ${kind} at ${point.name} + ${delay} ms`);
      counts[`${kind} at ${point.name}`] = (counts[`${kind} at ${point.name}`] ?? 0) + 1;
      const day = defined(DAYS[Math.min(done, DAYS.length - 1)], 'day');
      if (await startAndDisturb(life, day, { point, kind, delay, freeze: options.freeze })) done += 1;
    }
    try {
      for (const day of DAYS.slice(Math.min(done, DAYS.length - 1))) await runOnce(life.dataDir, day);
      life.faults.push(...differingTables(expected, await readRows(life)), ...(await leftBehind(life)));
    } catch (error) {
      life.faults.push(error instanceof Error ? error.message : String(error));
    }
    for (const fault of life.faults) progress.line(`${life.dataDir}: ${fault}`);
    faults.push(...life.faults);
    // A folder with a fault is kept for a look at it.
    if (life.faults.length === 0) await removeData(life.dataDir);
  }
  process.stdout.write(
    `${JSON.stringify({ kills: options.kills, seed: options.seed, counts, faults: faults.length })}\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

await exitOnError(main);
